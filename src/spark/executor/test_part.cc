// What test_whole.cc needs.
extern "C" int linkwright_test_part() { return 42; }

// A library that cannot be loaded without another (test_part.cc).
extern "C" int linkwright_test_part();
extern "C" int linkwright_test_whole() { return linkwright_test_part(); }

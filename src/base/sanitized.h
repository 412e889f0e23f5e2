#pragma once

// LW_SANITIZED is defined under AddressSanitizer and ThreadSanitizer, of GCC and of clang: for what they would take for
// a mistake although it is none, and for tests of what they do themselves.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LW_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LW_SANITIZED
#endif
#endif

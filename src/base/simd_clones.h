#pragma once

// Compiles a function for several instruction sets and picks the best at load time: for plain loops that the compiler
// vectorises by itself. Sanitizers run before the resolvers can, so they get the baseline only.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define LW_SIMD_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define LW_SIMD_CLONES
#endif

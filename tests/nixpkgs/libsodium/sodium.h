#ifndef sodium_H
#define sodium_H
/* Three functions of libsodium, enough to tell what was linked. */
#include <stddef.h>
int sodium_init(void);
const char *sodium_version_string(void);
void sodium_memzero(void *memory, size_t length);
#endif

#include "sodium.h"

int sodium_init(void) { return 0; }

const char *sodium_version_string(void) { return "1.0.20"; }

void sodium_memzero(void *memory, size_t length)
{
    volatile unsigned char *byte = memory;
    while (length--)
        *byte++ = 0;
}

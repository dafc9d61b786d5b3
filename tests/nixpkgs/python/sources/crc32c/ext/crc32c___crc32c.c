/* CRC-32C, bit by bit: small, not fast. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

static PyObject *crc32c(PyObject *self, PyObject *arguments)
{
    Py_buffer data;
    unsigned int value = 0;
    if (!PyArg_ParseTuple(arguments, "y*|I", &data, &value))
        return NULL;
    uint32_t crc = ~(uint32_t)value;
    for (Py_ssize_t n = 0; n < data.len; n++) {
        crc ^= ((const unsigned char *)data.buf)[n];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0x82f63b78u & (0u - (crc & 1)));
    }
    PyBuffer_Release(&data);
    return PyLong_FromUnsignedLong((uint32_t)~crc);
}

static PyMethodDef methods[] = {
    {"crc32c", crc32c, METH_VARARGS, "crc32c(data, value=0): the checksum of bytes."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_crc32c", NULL, -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__crc32c(void) { return PyModule_Create(&module); }

/* A growing text of code points, and what str does to white space: shared by the files that make texts. */
#include "text.h"

#include <string.h>

int
characters_reserve(Characters *text, Py_ssize_t more)
{
    if (text->data != NULL && more <= text->room - text->length) {
        return 0;
    }
    const Py_ssize_t most = PY_SSIZE_T_MAX / 2 / (Py_ssize_t)sizeof(Py_UCS4);
    if (more > most - text->length) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t room = text->length + more;
    room += room / 2 + 256;
    Py_UCS4 *data = PyMem_Realloc(text->data, (size_t)room * sizeof(Py_UCS4));
    if (data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    text->data = data;
    text->room = room;
    return 0;
}

int
characters_add(Characters *text, PyObject *string)
{
    if (!is_text(string)) {
        return -1;
    }
    const Py_ssize_t length = PyUnicode_GET_LENGTH(string);
    if (characters_reserve(text, length) < 0) {
        return -1;
    }
    Py_UCS4 *to = text->data + text->length;
    const void *data = PyUnicode_DATA(string);
    switch (PyUnicode_KIND(string)) {
    case PyUnicode_1BYTE_KIND:
        for (Py_ssize_t i = 0; i < length; i++) {
            to[i] = ((const Py_UCS1 *)data)[i];
        }
        break;
    case PyUnicode_2BYTE_KIND:
        for (Py_ssize_t i = 0; i < length; i++) {
            to[i] = ((const Py_UCS2 *)data)[i];
        }
        break;
    default:
        if (length > 0) {
            memcpy(to, data, (size_t)length * sizeof(Py_UCS4));
        }
    }
    text->length += length;
    return 0;
}

int
characters_add_one(Characters *text, Py_UCS4 character)
{
    if (characters_reserve(text, 1) < 0) {
        return -1;
    }
    text->data[text->length++] = character;
    return 0;
}

int
characters_add_collapsed(Characters *text, const Py_UCS4 *from, Py_ssize_t length)
{
    if (characters_reserve(text, length) < 0) { /* a space fewer than there is white space, so this is enough */
        return -1;
    }
    Py_UCS4 *const start = text->data + text->length;
    Py_UCS4 *to = start;
    int parted = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        const Py_UCS4 character = from[i];
        if (Py_UNICODE_ISSPACE(character)) {
            parted = to != start;
        }
        else {
            if (parted) {
                *to++ = ' ';
                parted = 0;
            }
            *to++ = character;
        }
    }
    text->length += to - start;
    return 0;
}

PyObject *
characters_string(const Characters *text)
{
    if (text->length == 0) { /* where there is no data yet */
        return PyUnicode_FromStringAndSize(NULL, 0);
    }
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text->data, text->length);
}

PyObject *
collapsed(PyObject *string, Characters *raw, Characters *text)
{
    raw->length = text->length = 0;
    if (characters_add(raw, string) < 0 || characters_add_collapsed(text, raw->data, raw->length) < 0) {
        return NULL;
    }
    return characters_string(text);
}

int
is_blank(PyObject *string)
{
    const int kind = PyUnicode_KIND(string);
    const void *data = PyUnicode_DATA(string);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(string);
    for (Py_ssize_t i = 0; i < length; i++) {
        if (!Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, i))) {
            return 0;
        }
    }
    return 1;
}

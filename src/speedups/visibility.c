/* What style attributes hide or set as blocks: the compiled form of a part of styles() in
 * declutter/document/visibility.py. */
#include "speedups.h"

#include <string.h>

/* Where the letters of a word, written small, stand from a place on in any case: the place behind them, or -1. */
static Py_ssize_t
behind_word(const char *text, Py_ssize_t length, Py_ssize_t place, const char *word)
{
    for (; *word != '\0'; word++, place++) {
        const char letter = place < length ? text[place] : '\0';
        if (letter != *word && !(letter >= 'A' && letter <= 'Z' && letter + ('a' - 'A') == *word)) {
            return -1;
        }
    }
    return place;
}

static Py_ssize_t
behind_space(const char *text, Py_ssize_t length, Py_ssize_t place)
{
    while (place < length && Py_UNICODE_ISSPACE((Py_UCS4)text[place])) {
        place++;
    }
    return place;
}

/* Where the value of this property begins that is named at a place; -1 for none. */
static Py_ssize_t
value_of(const char *text, Py_ssize_t length, Py_ssize_t place, const char *property)
{
    place = behind_word(text, length, place, property);
    if (place < 0) {
        return -1;
    }
    place = behind_space(text, length, place);
    return place < length && text[place] == ':' ? behind_space(text, length, place + 1) : -1;
}

enum { HIDES = 1, BLOCK = 2 };

/* What _HIDING_STYLE and _BLOCK_STYLE find in a text of ASCII. */
static int
told_by(const char *text, Py_ssize_t length)
{
    static const char *const blocks[] = {"block", "flex", "grid", "table", "list-item"};
    int told = 0;
    for (Py_ssize_t place = 0; place < length && !(told & HIDES); place++) {
        const char letter = text[place] | 0x20;
        Py_ssize_t value = letter == 'v' ? value_of(text, length, place, "visibility") : -1;
        if (value >= 0 && behind_word(text, length, value, "hidden") >= 0) {
            told |= HIDES;
        }
        value = letter == 'd' ? value_of(text, length, place, "display") : -1;
        if (value >= 0 && behind_word(text, length, value, "none") >= 0) {
            told |= HIDES;
        }
        for (size_t i = 0; value >= 0 && i < sizeof(blocks) / sizeof(blocks[0]); i++) {
            told |= behind_word(text, length, value, blocks[i]) >= 0 ? BLOCK : 0;
        }
    }
    return told;
}

/* Add a node to what hides, or to what is set as a block where its tag is of those. 0, or -1 with an exception. */
static int
add_node(int told, PyObject *node, PyObject *tags, PyObject *inlined, PyObject *hiding, PyObject *styled)
{
    if (told & HIDES) {
        return PySet_Add(hiding, node);
    }
    if (told & BLOCK) {
        const Py_ssize_t row = PyLong_AsSsize_t(node);
        if (row < 0 || row >= PyList_GET_SIZE(tags)) {
            return PyErr_Occurred() ? -1 : do_not_fit();
        }
        const int held = PySet_Contains(inlined, PyList_GET_ITEM(tags, row));
        return held > 0 ? PySet_Add(styled, node) : held;
    }
    return 0;
}

PyDoc_STRVAR(styles_doc, "styles(values, tags, inline, hiding, styled, others): add the nodes of style attributes to hiding or\n"
                         "styled; those that are not ASCII are left, and put into others.");

static PyObject *
styles(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    if (!arguments_are("styles", given, 6)) {
        return NULL;
    }
    if (!PyDict_Check(args[0]) || !PyList_Check(args[1]) || !PyAnySet_Check(args[2]) || !PySet_Check(args[3]) ||
        !PySet_Check(args[4]) || !PyList_Check(args[5])) {
        PyErr_SetString(PyExc_TypeError, "styles takes a dict, a list, three sets and a list");
        return NULL;
    }
    Py_ssize_t place = 0;
    PyObject *node, *value;
    while (PyDict_Next(args[0], &place, &node, &value)) {
        if (!is_text(value)) {
            return NULL;
        }
        const int done = !PyUnicode_IS_ASCII(value)
                             ? PyList_Append(args[5], node)
                             : add_node(told_by((const char *)PyUnicode_1BYTE_DATA(value), PyUnicode_GET_LENGTH(value)), node,
                                        args[1], args[2], args[3], args[4]);
        if (done < 0) {
            return NULL;
        }
    }
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"styles", FAST(styles), METH_FASTCALL, styles_doc},
    {NULL, NULL, 0, NULL},
};

int
add_visibility(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}

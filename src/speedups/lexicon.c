/* The phrases of the lexicons, arranged for matching: the compiled form of _arranged in declutter/features/lexicon. */
#include "speedups.h"

/* Where the next of these characters is before the end, or the end; -2 with an exception. */
static Py_ssize_t
next_of(PyObject *line, Py_UCS4 character, Py_ssize_t start, Py_ssize_t end)
{
    const Py_ssize_t place = PyUnicode_FindChar(line, character, start, end, 1);
    return place == -1 ? end : place;
}

/* The number that is written there; -1 with an exception. */
static long long
bits_of(PyObject *line, Py_ssize_t start, Py_ssize_t end)
{
    long long bits = 0;
    for (Py_ssize_t place = start; place < end; place++) {
        const int digit = Py_UNICODE_TODECIMAL(PyUnicode_READ_CHAR(line, place));
        if (digit < 0 || bits > INT32_MAX) {
            bits = -1;
            break;
        }
        bits = bits * 10 + digit;
    }
    if (bits < 0 || start == end) {
        PyErr_SetString(PyExc_ValueError, "a phrase begins with the bits of its labels");
        return -1;
    }
    return bits;
}

/* The words from a place on, as a tuple; NULL with an exception. */
static PyObject *
words_from(PyObject *line, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t count = start <= end;
    for (Py_ssize_t place = start; place < end; place++) {
        count += PyUnicode_READ_CHAR(line, place) == ' ';
    }
    PyObject *words = PyTuple_New(count);
    for (Py_ssize_t number = 0; words != NULL && number < count; number++) {
        const Py_ssize_t behind = next_of(line, ' ', start, end);
        PyObject *word = behind < 0 ? NULL : PyUnicode_Substring(line, start, behind);
        if (word == NULL) {
            Py_CLEAR(words);
            break;
        }
        PyTuple_SET_ITEM(words, number, word);
        start = behind + 1;
    }
    return words;
}

/* Put a phrase behind those of its second word that are not shorter. 0, or -1 with an exception. */
static int
put(PyObject *nexts, PyObject *second, PyObject *rest, long long bits)
{
    PyObject *fresh = PyList_New(0);
    PyObject *phrases = fresh == NULL ? NULL : PyDict_SetDefault(nexts, second, fresh);
    PyObject *phrase = phrases == NULL ? NULL : Py_BuildValue("(OL)", rest, bits);
    int done = -1;
    if (phrase != NULL) {
        Py_ssize_t place = PyList_GET_SIZE(phrases);
        while (place > 0 && PyTuple_GET_SIZE(PyTuple_GET_ITEM(PyList_GET_ITEM(phrases, place - 1), 0)) < PyTuple_GET_SIZE(rest)) {
            place--;
        }
        done = PyList_Insert(phrases, place, phrase);
    }
    Py_XDECREF(phrase);
    Py_XDECREF(fresh);
    return done;
}

/* Arrange the phrase that is written from start to end. 0, or -1 with an exception. */
static int
arrange_one(PyObject *line, PyObject *nexts, Py_ssize_t start, Py_ssize_t end)
{
    const Py_ssize_t first = next_of(line, ' ', start, end);
    const long long bits = first < 0 ? -1 : bits_of(line, start, first);
    const Py_ssize_t next = bits < 0 ? -2 : first < end ? next_of(line, ' ', first + 1, end) : end;
    if (next < 0) {
        return -1;
    }
    PyObject *second = PyUnicode_Substring(line, first < end ? first + 1 : end, next);
    PyObject *rest = second == NULL ? NULL : words_from(line, next + 1, end);
    const int done = rest == NULL ? -1 : put(nexts, second, rest, bits);
    Py_XDECREF(second);
    Py_XDECREF(rest);
    return done;
}

PyDoc_STRVAR(arranged_doc, "arranged(line): the phrases of a line by their second words, the longest first.");

static PyObject *
arranged(PyObject *Py_UNUSED(module), PyObject *line)
{
    if (!is_text(line)) {
        return NULL;
    }
    const Py_ssize_t length = PyUnicode_GET_LENGTH(line);
    PyObject *nexts = PyDict_New();
    for (Py_ssize_t start = 0; nexts != NULL && start <= length;) {
        const Py_ssize_t end = next_of(line, '\t', start, length);
        if (end < 0 || arrange_one(line, nexts, start, end) < 0) {
            Py_CLEAR(nexts);
        }
        start = end + 1;
    }
    return nexts;
}

static PyMethodDef functions[] = {
    {"arranged", arranged, METH_O, arranged_doc},
    {NULL, NULL, 0, NULL},
};

int
add_lexicon(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}

/* What a person sees on fields and selects: the compiled form of _Segmenter.input and select in declutter/blocks.py. */
#include "segment.h"

#include "tags.h"

/* A select with more options than this is shown by its chosen option. */
enum { SHORT_SELECT = 12 };

int
attribute(const Document *page, Py_ssize_t node, const char *name, PyObject *none, PyObject **found)
{
    PyObject *attributes = PyList_GET_ITEM(page->attributes, node);
    *found = NULL;
    for (Py_ssize_t place = 0; PyTuple_Check(attributes) && place < PyTuple_GET_SIZE(attributes); place++) {
        PyObject *key, *value;
        if (pair_of(attributes, place, &key, &value) < 0) {
            return -1;
        }
        if (PyUnicode_CompareWithASCIIString(key, name) == 0) {
            *found = value == NULL ? none : value;
            return 0;
        }
    }
    return 0;
}

/* Whether a str is this word, whatever the case of its ASCII letters. */
static int
is_word(PyObject *text, const char *word)
{
    Py_ssize_t i = 0;
    for (; word[i] != '\0'; i++) {
        if (i >= PyUnicode_GET_LENGTH(text)) {
            return 0;
        }
        const Py_UCS4 character = PyUnicode_READ_CHAR(text, i);
        if (character != (Py_UCS4)word[i] && character != (Py_UCS4)(word[i] - 'a' + 'A')) {
            return 0;
        }
    }
    return i == PyUnicode_GET_LENGTH(text);
}

static PyObject *
first_filled(PyObject *one, PyObject *other)
{
    return one != NULL && PyUnicode_GET_LENGTH(one) > 0 ? one : other;
}

int
add_input(Run *run, int32_t node, PyObject *label, int hidden)
{
    PyObject *attributes = PyList_GET_ITEM(run->page->attributes, node);
    PyObject *kind = NULL, *value = NULL, *alternative = NULL;
    int has_kind = 0;
    for (Py_ssize_t place = 0; PyTuple_Check(attributes) && place < PyTuple_GET_SIZE(attributes); place++) {
        PyObject *key, *held; /* the last of a name counts */
        if (pair_of(attributes, place, &key, &held) < 0) {
            return -1;
        }
        if (PyUnicode_CompareWithASCIIString(key, "type") == 0) {
            kind = held;
            has_kind = 1;
        }
        else if (PyUnicode_CompareWithASCIIString(key, "value") == 0) {
            value = held;
        }
        else if (PyUnicode_CompareWithASCIIString(key, "alt") == 0) {
            alternative = held;
        }
    }
    if (!has_kind || kind == NULL) {
        return 0; /* a field to type in */
    }
    if (is_word(kind, "submit") || is_word(kind, "button") || is_word(kind, "reset")) {
        PyObject *text = first_filled(value, label);
        return text == NULL ? 0 : run_control(run, node, collapsed(text, &run->raw, &run->text), hidden);
    }
    if (is_word(kind, "image")) {
        return run_icon(run, node, first_filled(alternative, label), ORIGIN_CONTROL, hidden);
    }
    return 0;
}

/* " ".join("".join(texts[first:end]).split()) */
static PyObject *
texts_between(Run *run, Py_ssize_t first, Py_ssize_t end)
{
    run->raw.length = run->text.length = 0;
    for (Py_ssize_t node = first; node < end; node++) {
        if (characters_add(&run->raw, PyList_GET_ITEM(run->page->texts, node)) < 0) {
            return NULL;
        }
    }
    if (characters_reserve(&run->raw, 0) < 0 ||
        characters_add_collapsed(&run->text, run->raw.data, run->raw.length) < 0) {
        return NULL;
    }
    return characters_string(&run->text);
}

/* The options of a select, those with text joined by spaces: all of a short one, else the chosen one. */
static PyObject *
options_text(Run *run, Py_ssize_t node)
{
    const Document *page = run->page;
    PyObject *none = PyList_New(0); /* any object: only whether there is an attribute counts */
    PyObject *options = PyList_New(0);
    PyObject *shown = NULL;
    Py_ssize_t chosen = 0;
    if (none == NULL || options == NULL) {
        goto done;
    }
    for (Py_ssize_t row = node + 1; row < end_of(page, node); row++) {
        if ((page->kinds[row] & NUMBER) != OPTION) {
            continue;
        }
        PyObject *selected;
        if (attribute(page, row, "selected", none, &selected) < 0) {
            goto done;
        }
        if (selected != NULL) {
            chosen = PyList_GET_SIZE(options);
        }
        PyObject *option = texts_between(run, row + 1, end_of(page, row));
        const int added = option == NULL ? -1 : PyList_Append(options, option);
        Py_XDECREF(option);
        if (added < 0) {
            goto done;
        }
    }
    const int is_short = PyList_GET_SIZE(options) <= SHORT_SELECT;
    run->text.length = 0;
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(options); place++) {
        PyObject *option = PyList_GET_ITEM(options, place);
        if (PyUnicode_GET_LENGTH(option) == 0 || (!is_short && place != chosen)) {
            continue;
        }
        if ((run->text.length > 0 && characters_add_one(&run->text, ' ') < 0) ||
            characters_add(&run->text, option) < 0) {
            goto done;
        }
    }
    shown = characters_string(&run->text);
done:
    Py_XDECREF(none);
    Py_XDECREF(options);
    return shown;
}

int
add_select(Run *run, int32_t node, PyObject *label, int hidden)
{
    PyObject *text = options_text(run, node);
    if (text != NULL && PyUnicode_GET_LENGTH(text) == 0 && label != NULL) {
        Py_DECREF(text);
        text = collapsed(label, &run->raw, &run->text);
    }
    return run_control(run, node, text, hidden);
}

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

/* What run->raw holds becomes a piece of run->text, with a space before it, or is left out. */
static int
end_piece(Run *run, int is_shown)
{
    const Py_ssize_t before = run->text.length;
    if (is_shown && run->raw.length > 0) {
        if (before > 0 && characters_add_one(&run->text, ' ') < 0) {
            return -1;
        }
        const Py_ssize_t start = run->text.length;
        if (characters_add_collapsed(&run->text, run->raw.data, run->raw.length) < 0) {
            return -1;
        }
        if (run->text.length == start) {
            run->text.length = before; /* white space alone */
        }
    }
    run->raw.length = 0;
    return 0;
}

/* How many options a select has, and which of them is chosen. */
static int
count_options(const Document *page, Py_ssize_t node, Py_ssize_t *count, Py_ssize_t *chosen)
{
    *count = *chosen = 0;
    for (Py_ssize_t row = node + 1; row < end_of(page, node); row++) {
        if ((page->kinds[row] & NUMBER) != OPTION) {
            continue;
        }
        PyObject *selected; /* any object: only whether there is an attribute counts */
        if (attribute(page, row, "selected", page->tags, &selected) < 0) {
            return -1;
        }
        if (selected != NULL) {
            *chosen = *count;
        }
        ++*count;
    }
    return 0;
}

/* The options of a select and what stands beside them, joined by spaces: all of a short one, else the chosen one. */
static PyObject *
options_text(Run *run, Py_ssize_t node)
{
    const Document *page = run->page;
    Py_ssize_t count, chosen, number = 0, option_until = 0;
    if (count_options(page, node, &count, &chosen) < 0) {
        return NULL;
    }
    int is_shown = 1;
    run->raw.length = run->text.length = 0;
    for (Py_ssize_t row = node + 1; row < end_of(page, node); row++) {
        const int is_option = (page->kinds[row] & NUMBER) == OPTION;
        const int is_beside = !is_option && row >= option_until;
        if (is_beside && !(page->said[row] & INKED)) {
            continue;
        }
        if ((is_option || is_beside) && end_piece(run, is_shown) < 0) {
            return NULL;
        }
        if (is_option) {
            is_shown = count <= SHORT_SELECT || number == chosen;
            number++;
            option_until = end_of(page, row) > option_until ? end_of(page, row) : option_until;
            continue;
        }
        is_shown = is_shown || is_beside;
        if (characters_add(&run->raw, PyList_GET_ITEM(page->texts, row)) < 0) {
            return NULL;
        }
    }
    return end_piece(run, is_shown) < 0 ? NULL : characters_string(&run->text);
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

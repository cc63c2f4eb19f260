/* What a person sees of a document: the compiled form of inked_nodes in declutter/document/visibility.py, and
 * the columns that segmentation asks, so that its walk looks nothing up in sets and dicts. */
#include "page.h"

#include <string.h>

#include "tags.h"
#include "text.h"

static int
mark(const Document *page, PyObject *nodes, uint8_t bit)
{
    PyObject *iterator = PyObject_GetIter(nodes);
    if (iterator == NULL) {
        return -1;
    }
    PyObject *item;
    while ((item = PyIter_Next(iterator)) != NULL) {
        const Py_ssize_t node = PyLong_AsSsize_t(item);
        Py_DECREF(item);
        if (node >= 0 && node < page->count) {
            page->said[node] |= bit;
        }
    }
    Py_DECREF(iterator);
    return PyErr_Occurred() ? -1 : 0;
}

/* The walk goes from nodes to their ends and up to their parents: neither may lead out of the document. */
static int
is_tree(const Document *page)
{
    for (Py_ssize_t node = 0; node < page->count; node++) {
        const int32_t parent = parent_of(page, node);
        const int32_t end = end_of(page, node);
        if (end <= node || end > page->count || (node > 0 && (parent < 0 || parent >= node))) {
            return 0;
        }
    }
    return 1;
}

static int
is_foreign(PyObject *tag)
{
    static const char name[] = "foreignobject";
    const Py_ssize_t length = (Py_ssize_t)sizeof(name) - 1;
    if (PyUnicode_GET_LENGTH(tag) != length) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < length; i++) {
        const Py_UCS4 character = PyUnicode_READ_CHAR(tag, i);
        if (character != (Py_UCS4)name[i] && character != (Py_UCS4)(name[i] - 'a' + 'A')) {
            return 0;
        }
    }
    return 1;
}

/* The texts that are no white space, in no script or style, nor drawn. */
static int
mark_inked(const Document *page)
{
    int html_in_drawings = 0;
    for (Py_ssize_t node = 0; node < page->count; node++) {
        html_in_drawings |= (page->kinds[node] & NUMBER) == FOREIGN;
    }
    Py_ssize_t until = 0;
    for (Py_ssize_t node = 0; node < page->count; node++) {
        const int32_t kind = page->kinds[node];
        if (!is_text(PyList_GET_ITEM(page->tags, node)) || !is_text(PyList_GET_ITEM(page->texts, node))) {
            return -1;
        }
        if ((kind & SKIPPED) || (!html_in_drawings && (kind & NUMBER) == SVG)) {
            if (node >= until) {
                until = end_of(page, node);
            }
        }
        else if ((kind & NUMBER) == TEXT && node >= until) {
            PyObject *text = PyList_GET_ITEM(page->texts, node);
            if (PyUnicode_GET_LENGTH(text) == 0 || !is_blank(text)) {
                page->said[node] |= INKED;
            }
        }
    }
    if (!html_in_drawings) {
        return 0;
    }
    uint8_t *drawn = PyMem_Calloc((size_t)page->count, 1);
    if (drawn == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t node = 0; node < page->count; node++) {
        drawn[node] = (page->kinds[node] & NUMBER) == SVG ||
                      (node > 0 && drawn[parent_of(page, node)] && !is_foreign(PyList_GET_ITEM(page->tags, node)));
        if (drawn[node]) {
            page->said[node] &= (uint8_t)~INKED;
        }
    }
    PyMem_Free(drawn);
    return 0;
}

void
mark_prose(Document *page)
{
    for (Py_ssize_t node = 1; node < page->count; node++) {
        if (page->said[node] & INKED) {
            page->said[parent_of(page, node)] |= IN_PROSE;
        }
    }
}

int
page_take(Document *page, PyObject *const *args)
{
    PyObject *numbers = args[5];
    if (!PyList_Check(args[0]) || !PyList_Check(args[1]) || !PyList_Check(args[2]) || !PyDict_Check(numbers) ||
        !PyDict_Check(args[8])) {
        PyErr_SetString(PyExc_TypeError, "a document is lists of tags, attributes and texts, and what is known of them");
        return -1;
    }
    page->tags = args[0];
    page->attributes = args[1];
    page->texts = args[2];
    page->labels = args[8];
    page->count = PyList_GET_SIZE(page->tags);
    if (numbers_take(&page->parents, args[3], INTEGERS, 4, 0) < 0 ||
        numbers_take(&page->ends, args[4], INTEGERS, 4, 0) < 0) {
        return -1;
    }
    if (PyList_GET_SIZE(page->attributes) != page->count || PyList_GET_SIZE(page->texts) != page->count ||
        page->parents.length != page->count || page->ends.length != page->count || !is_tree(page)) {
        PyErr_SetString(PyExc_ValueError, "the columns of the document are no tree");
        return -1;
    }
    page->kinds = PyMem_Calloc((size_t)page->count + 1, sizeof(int32_t));
    page->before = PyMem_Calloc((size_t)page->count + 1, sizeof(int32_t));
    page->said = PyMem_Calloc((size_t)page->count + 1, 1);
    if (page->kinds == NULL || page->before == NULL || page->said == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (tag_numbers(page->tags, numbers, page->kinds) < 0 || mark_inked(page) < 0 ||
        mark(page, args[6], HIDING) < 0 || mark(page, args[7], STYLED) < 0 || mark(page, args[8], LABELLED) < 0) {
        return -1;
    }
    for (Py_ssize_t node = 0; node < page->count; node++) {
        page->before[node + 1] = page->before[node] + ((page->said[node] & INKED) != 0);
    }
    return 0;
}

void
page_drop(Document *page)
{
    numbers_drop(&page->parents);
    numbers_drop(&page->ends);
    PyMem_Free(page->kinds);
    PyMem_Free(page->before);
    PyMem_Free(page->said);
}

/* The tree as the parser gives it becomes columns: the compiled form of declutter/document/__init__.py.
 *
 * turbohtml calls one method a node and one to append it; as Python functions these took longer than the parse.
 */
#include "shared.h"
#include "tags.h"

typedef struct {
    PyObject_HEAD
    PyObject *tags;
    PyObject *attributes;
    PyObject *texts;
    PyObject *named; /* dict, by name of an attribute a dict of its values by row; NULL where no names are asked for */
    Shared shared;   /* what is in the lists, of equal ones the first */
    PyObject *text_tag;
    PyObject *document_tag;
    PyObject *empty_text;
    PyObject *empty_tuple;
    Names asked; /* of `named` */
    int32_t *parents;
    Py_ssize_t count; /* parents that are known, row 0 among them */
    Py_ssize_t room;
} Builder;

/* -- life ---------------------------------------------------------------------------------------------------- */

static int
builder_traverse(PyObject *self, visitproc visit, void *arg)
{
    Builder *builder = (Builder *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(builder->tags);
    Py_VISIT(builder->attributes);
    Py_VISIT(builder->texts);
    Py_VISIT(builder->named);
    return 0;
}

static int
builder_clear(PyObject *self)
{
    Builder *builder = (Builder *)self;
    Py_CLEAR(builder->tags);
    Py_CLEAR(builder->attributes);
    Py_CLEAR(builder->texts);
    memset(&builder->asked, 0, sizeof(builder->asked)); /* what it points to goes */
    Py_CLEAR(builder->named);
    shared_drop(&builder->shared);
    return 0;
}

static void
builder_dealloc(PyObject *self)
{
    Builder *builder = (Builder *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    builder_clear(self);
    Py_CLEAR(builder->text_tag);
    Py_CLEAR(builder->document_tag);
    Py_CLEAR(builder->empty_text);
    Py_CLEAR(builder->empty_tuple);
    PyMem_Free(builder->parents);
    type->tp_free(self);
    Py_DECREF(type);
}

/* A dict for the values of each of these names. 0, or -1 with an exception. */
static int
ask_for(Builder *builder, PyObject *names)
{
    builder->named = PyDict_New();
    for (Py_ssize_t i = 0; builder->named != NULL && i < PyTuple_GET_SIZE(names); i++) {
        PyObject *values = PyDict_New();
        const int set = values == NULL ? -1 : PyDict_SetItem(builder->named, PyTuple_GET_ITEM(names, i), values);
        Py_XDECREF(values);
        if (set < 0) {
            return -1;
        }
    }
    return builder->named == NULL ? -1 : names_take(&builder->asked, builder->named);
}

static PyObject *
builder_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"names", NULL};
    PyObject *names = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O!", keywords, &PyTuple_Type, &names)) {
        return NULL;
    }
    Builder *builder = (Builder *)type->tp_alloc(type, 0); /* zeroed, so that it can be dropped half made */
    if (builder == NULL) {
        return NULL;
    }
    if (names != NULL && ask_for(builder, names) < 0) {
        Py_DECREF(builder);
        return NULL;
    }
    builder->tags = PyList_New(0);
    builder->attributes = PyList_New(0);
    builder->texts = PyList_New(0);
    builder->text_tag = PyUnicode_InternFromString("#text");
    builder->document_tag = PyUnicode_InternFromString("#document");
    builder->empty_text = PyUnicode_InternFromString("");
    builder->empty_tuple = PyTuple_New(0);
    builder->room = 1024;
    builder->parents = PyMem_Malloc((size_t)builder->room * sizeof(int32_t));
    if (builder->parents == NULL) {
        PyErr_NoMemory();
    }
    else {
        builder->parents[0] = -1;
        builder->count = 1;
    }
    if (PyErr_Occurred()) {
        Py_DECREF(builder);
        return NULL;
    }
    return (PyObject *)builder;
}

/* -- a node more ---------------------------------------------------------------------------------------------- */

/* The handle of a text, which is appended next and has no children: it needs no number of its own. */
enum { LATEST = -2 };

/* 0, or -1 with an exception. */
static int
add_node(Builder *builder, PyObject *tag, PyObject *attributes, PyObject *text)
{
    if (builder->tags == NULL) { /* taken apart by the garbage collector */
        PyErr_SetString(PyExc_RuntimeError, "the builder is gone");
        return -1;
    }
    return PyList_Append(builder->tags, tag) < 0 || PyList_Append(builder->attributes, attributes) < 0 ? -1
           : PyList_Append(builder->texts, text);
}

static PyObject *
add_element(Builder *builder, PyObject *tag, PyObject *attributes)
{
    return add_node(builder, tag, attributes, builder->empty_text) < 0 ? NULL
                                                                        : PyLong_FromSsize_t(PyList_GET_SIZE(builder->tags) - 1);
}

static PyObject *
create_document(PyObject *self, PyObject *const *Py_UNUSED(args), Py_ssize_t Py_UNUSED(count))
{
    Builder *builder = (Builder *)self;
    return add_element(builder, builder->document_tag, builder->empty_tuple);
}

/* Put the attributes of a row where they are asked for, while the processor has them at hand. 0, or -1 with an exception. */
static int
name_values(Builder *builder, PyObject *attributes, PyObject *row)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(attributes); i++) {
        PyObject *pair = PyTuple_GET_ITEM(attributes, i);
        PyObject *name = PyTuple_GET_ITEM(pair, 0), *value = PyTuple_GET_ITEM(pair, 1);
        PyObject *values = values_of(&builder->asked, name);
        if (values != NULL && PyDict_SetItem(values, row, value == Py_None ? builder->empty_text : value) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyObject *
create_element(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Builder *builder = (Builder *)self;
    if (!arguments_are("create_element", count, 3)) {
        return NULL;
    }
    if (!PyUnicode_Check(args[0]) || !PyTuple_Check(args[2])) {
        PyErr_SetString(PyExc_TypeError, "create_element takes a name, a namespace and a tuple of attributes");
        return NULL;
    }
    if (!is_text(args[0])) {
        return NULL;
    }
    /* Nodes of one tag share one string, whose hash is known. */
    PyObject *name = shared_text(&builder->shared, args[0]), *attributes = shared_attributes(&builder->shared, args[2]);
    PyObject *row = add_element(builder, name, attributes == NULL ? args[2] : attributes);
    if (row == NULL) {
        return NULL;
    }
    if (attributes == NULL) {
        memset(&builder->asked, 0, sizeof(builder->asked)); /* Document.named says what is wrong */
        Py_CLEAR(builder->named);
    }
    else if (name_values(builder, attributes, row) < 0) {
        Py_CLEAR(row);
    }
    return row;
}

/* Texts that begin with white space and are no longer are mostly nothing else, and the same many times. */
enum { MOST_INDENTED = 64 };

static PyObject *
create_text(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Builder *builder = (Builder *)self;
    if (!arguments_are("create_text", count, 1)) {
        return NULL;
    }
    if (!PyUnicode_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "create_text takes a str");
        return NULL;
    }
    PyObject *text = args[0];
    if (PyUnicode_CheckExact(text) && PyUnicode_IS_READY(text) && PyUnicode_GET_LENGTH(text) > 0 &&
        PyUnicode_GET_LENGTH(text) <= MOST_INDENTED && PyUnicode_READ_CHAR(text, 0) <= ' ') {
        text = shared_text(&builder->shared, text);
    }
    return add_node(builder, builder->text_tag, builder->empty_tuple, text) < 0 ? NULL : PyLong_FromLong(LATEST);
}

/* Comments, doctypes and processing instructions. */
static PyObject *
leave_out(PyObject *Py_UNUSED(self), PyObject *const *Py_UNUSED(args), Py_ssize_t Py_UNUSED(count))
{
    return PyLong_FromLong(-1);
}

static PyObject *
append(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Builder *builder = (Builder *)self;
    if (!arguments_are("append", count, 2)) {
        return NULL;
    }
    const long parent = PyLong_AsLong(args[0]);
    long child = PyLong_AsLong(args[1]);
    if ((parent == -1 || child == -1) && PyErr_Occurred()) {
        return NULL;
    }
    if (child == LATEST && builder->tags != NULL) {
        child = (long)PyList_GET_SIZE(builder->tags) - 1;
    }
    else if (child < 0) {
        Py_RETURN_NONE;
    }
    /* A node is appended right after it is made, before its children. */
    if (parent < 0 || parent >= child || child != builder->count || child == INT32_MAX) {
        PyErr_Format(PyExc_ValueError, "node %ld cannot come below node %ld now", child, parent);
        return NULL;
    }
    if (builder->count == builder->room) {
        const Py_ssize_t room = builder->room * 2;
        int32_t *parents = PyMem_Realloc(builder->parents, (size_t)room * sizeof(int32_t));
        if (parents == NULL) {
            return PyErr_NoMemory();
        }
        builder->parents = parents;
        builder->room = room;
    }
    builder->parents[builder->count++] = (int32_t)parent;
    Py_RETURN_NONE;
}

/* -- the end -------------------------------------------------------------------------------------------------- */

/* What the bytes of an int32 column are read from; one past the last row of each subtree, if `ends`. */
static PyObject *
column(const Builder *builder, int ends)
{
    const Py_ssize_t count = builder->count;
    PyObject *bytes = PyByteArray_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(int32_t));
    if (bytes == NULL) {
        return NULL;
    }
    int32_t *rows = (int32_t *)(void *)PyByteArray_AS_STRING(bytes);
    if (!ends) {
        memcpy(rows, builder->parents, (size_t)count * sizeof(int32_t));
        return bytes;
    }
    for (Py_ssize_t row = 0; row < count; row++) {
        rows[row] = (int32_t)(row + 1);
    }
    for (Py_ssize_t row = count - 1; row > 0; row--) { /* the rows of a subtree follow each other */
        const int32_t parent = builder->parents[row];
        if (rows[parent] < rows[row]) {
            rows[parent] = rows[row];
        }
    }
    return bytes;
}

static PyObject *
columns(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Builder *builder = (Builder *)self;
    if (builder->tags == NULL || PyList_GET_SIZE(builder->tags) != builder->count) {
        PyErr_SetString(PyExc_RuntimeError, "a node was made and not appended");
        return NULL;
    }
    PyObject *parents = column(builder, 0);
    PyObject *ends = parents == NULL ? NULL : column(builder, 1);
    PyObject *named = builder->named == NULL ? Py_NewRef(Py_None) : builder->named;
    memset(&builder->asked, 0, sizeof(builder->asked)); /* from now on others may change it */
    builder->named = NULL;
    shared_drop(&builder->shared);
    PyObject *whole = ends == NULL ? NULL
                                   : PyTuple_Pack(6, builder->tags, builder->attributes, builder->texts, parents, ends, named);
    Py_DECREF(named);
    Py_XDECREF(parents);
    Py_XDECREF(ends);
    return whole;
}

/* -- the type ------------------------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"create_document", FAST(create_document), METH_FASTCALL, NULL},
    {"create_element", FAST(create_element), METH_FASTCALL, NULL},
    {"create_text", FAST(create_text), METH_FASTCALL, NULL},
    {"create_doctype", FAST(leave_out), METH_FASTCALL, NULL},
    {"create_comment", FAST(leave_out), METH_FASTCALL, NULL},
    {"create_pi", FAST(leave_out), METH_FASTCALL, NULL},
    {"append", FAST(append), METH_FASTCALL, NULL},
    {"columns", columns, METH_NOARGS, "tags, attributes, texts, the bytes of the int32 columns parents and ends, and the values of the names, or None."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Receives the tree from turbohtml's parser, node by node in document order; handles of elements are row numbers."},
    {Py_tp_new, builder_new},
    {Py_tp_dealloc, builder_dealloc},
    {Py_tp_traverse, builder_traverse},
    {Py_tp_clear, builder_clear},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "declutter._speedups.Builder",
    .basicsize = sizeof(Builder),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

int
add_document(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    if (type == NULL) {
        return -1;
    }
    const int added = PyModule_AddObjectRef(module, "Builder", type);
    Py_DECREF(type);
    return added;
}

/* Frame: see frame.h. What is given is checked and copied, so that no method can read beyond it. */
#include "frame.h"

#include <string.h>

double logs[LOGS]; /* filled when the module is made */

/* -- taking ------------------------------------------------------------------------------------------------------- */

int
rows_take(Numbers *rows, PyObject *array, const Frame *frame, Py_ssize_t count)
{
    if (numbers_take(rows, array, FLOATS, 8, 1) < 0) {
        return -1;
    }
    if (rows->view.ndim != 2 || rows->view.shape[0] != count || rows->view.shape[1] != frame->n) {
        numbers_drop(rows);
        return do_not_fit();
    }
    return 0;
}

int
column_take(Numbers *numbers, PyObject *array, Kind kind, Py_ssize_t size, Py_ssize_t length)
{
    if (numbers_take(numbers, array, kind, size, 0) < 0) {
        return -1;
    }
    if (numbers->length != length) {
        numbers_drop(numbers);
        return do_not_fit();
    }
    return 0;
}

int
boxes_take(Numbers *first, Numbers *last, PyObject *const *args, const Frame *frame)
{
    if (column_take(first, args[0], INTEGERS, 8, frame->n) < 0) {
        return -1;
    }
    if (column_take(last, args[1], INTEGERS, 8, frame->n) < 0) {
        numbers_drop(first);
        return -1;
    }
    const int64_t *low = first->view.buf, *high = last->view.buf;
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        if (low[row] < 0 || low[row] > high[row] || high[row] > frame->n) {
            numbers_drop(first);
            numbers_drop(last);
            return do_not_fit();
        }
    }
    return 0;
}

void *
room_for(Py_ssize_t count, size_t size)
{
    void *room = PyMem_Calloc((size_t)count + 1, size);
    return room == NULL ? PyErr_NoMemory() : room;
}

int
count_nodes(const Frame *frame, const Numbers *nodes, int32_t *total)
{
    memset(total, 0, ((size_t)frame->m + 1) * sizeof(int32_t));
    for (Py_ssize_t i = 0; i < nodes->length; i++) {
        const int64_t node = ((const int64_t *)nodes->view.buf)[i];
        if (node < 0 || node >= frame->m) {
            return do_not_fit();
        }
        total[node + 1]++;
    }
    for (Py_ssize_t node = 0; node < frame->m; node++) {
        total[node + 1] += total[node];
    }
    return 0;
}

/* -- making it ---------------------------------------------------------------------------------------------------- */

enum { PARENTS, NODES, NODE_ENDS, FIRST, LAST, OWNERS, RUN_STARTS, ENDS, SIZES, WORDS, LINKS, COUNTS, CODES, KINDS, GIVEN };

static int
make_room(Frame *frame)
{
    const size_t m = (size_t)frame->m, n = (size_t)frame->n, k = (size_t)frame->k;
    const size_t doubles = n * (3 + CLASSES), numbers = m + 5 * k + (4 + LEVELS) * n;
    frame->memory = PyMem_Calloc(doubles * sizeof(double) + numbers * sizeof(int32_t) + m + 1, 1);
    if (frame->memory == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    double *number = frame->memory;
    double **const floats[] = {&frame->sizes, &frame->words, &frame->links, &frame->counts};
    for (size_t i = 0; i < 4; i++, number += n) {
        *floats[i] = number;
    }
    int32_t *place = (int32_t *)((double *)frame->memory + doubles);
    int32_t **const elements[] = {&frame->parents, &frame->nodes, &frame->node_ends, &frame->first, &frame->last};
    int32_t **const blocks[] = {&frame->owners, &frame->run_starts, &frame->ends, &frame->heading};
    frame->codes = place;
    place += m;
    for (size_t i = 0; i < 5; i++, place += k) {
        *elements[i] = place;
    }
    for (size_t i = 0; i < 4; i++, place += n) {
        *blocks[i] = place;
    }
    for (size_t i = 0; i < LEVELS; i++, place += n) {
        frame->levels[i] = place;
    }
    frame->kinds = (uint8_t *)place;
    return 0;
}

/* Copy numbers from 0 to `highest`. 0, or -1 where one is not. */
static int
copy_long(int32_t *to, const Numbers *from, Py_ssize_t highest)
{
    const int64_t *given = from->view.buf;
    int wrong = 0;
    for (Py_ssize_t i = 0; i < from->length; i++) {
        wrong |= given[i] < 0 || given[i] > highest;
        to[i] = (int32_t)given[i];
    }
    return wrong ? -1 : 0;
}

static int
is_sound(const Frame *frame)
{
    int wrong = frame->parents[0] != 0;
    for (Py_ssize_t element = 0; element < frame->k; element++) {
        wrong |= (element > 0 && frame->parents[element] >= element) || frame->first[element] > frame->last[element] ||
                 frame->nodes[element] > frame->node_ends[element];
    }
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        wrong |= frame->ends[row] < 0 || frame->ends[row] > frame->m;
    }
    return !wrong;
}

static int
find_containers(Frame *frame)
{
    int32_t *widest = room_for(frame->k, sizeof(int32_t));
    if (widest == NULL) {
        return -1;
    }
    for (int32_t element = 0; element < (int32_t)frame->k; element++) {
        const int32_t parent = frame->parents[element];
        const int same = frame->last[element] - frame->first[element] == frame->last[parent] - frame->first[parent];
        widest[element] = same && element > 0 ? widest[parent] : element;
    }
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        int32_t element = widest[frame->owners[row]];
        frame->levels[0][row] = element;
        for (int level = 1; level < LEVELS; level++) {
            element = widest[frame->parents[element]];
            frame->levels[level][row] = element;
        }
    }
    PyMem_Free(widest);
    return 0;
}

static int
fill(Frame *frame, const Numbers *arrays)
{
    const Py_ssize_t m = frame->m = arrays[CODES].length;
    const Py_ssize_t n = frame->n = arrays[OWNERS].length;
    const Py_ssize_t k = frame->k = arrays[PARENTS].length;
    const Py_ssize_t lengths[] = {k, k, k, k, k, n, n, n, n, n, n, n * CLASSES, m};
    for (int i = 0; i < KINDS; i++) {
        if (arrays[i].length != lengths[i]) {
            return do_not_fit();
        }
    }
    if (k < 1 || m < 1 || m > INT32_MAX / 2 || n > INT32_MAX / 2 || k > m) {
        return do_not_fit();
    }
    if (make_room(frame) < 0) {
        return -1;
    }
    if (copy_long(frame->parents, &arrays[PARENTS], k - 1) < 0 || copy_long(frame->nodes, &arrays[NODES], m - 1) < 0 ||
        copy_long(frame->node_ends, &arrays[NODE_ENDS], m) < 0 || copy_long(frame->first, &arrays[FIRST], n) < 0 ||
        copy_long(frame->last, &arrays[LAST], n) < 0 || copy_long(frame->owners, &arrays[OWNERS], k - 1) < 0 ||
        copy_long(frame->run_starts, &arrays[RUN_STARTS], m) < 0) {
        return do_not_fit();
    }
    memcpy(frame->ends, arrays[ENDS].view.buf, (size_t)n * sizeof(int32_t));
    memcpy(frame->sizes, arrays[SIZES].view.buf, (size_t)n * sizeof(double));
    memcpy(frame->words, arrays[WORDS].view.buf, (size_t)n * sizeof(double));
    memcpy(frame->links, arrays[LINKS].view.buf, (size_t)n * sizeof(double));
    memcpy(frame->counts, arrays[COUNTS].view.buf, (size_t)n * CLASSES * sizeof(double));
    memcpy(frame->codes, arrays[CODES].view.buf, (size_t)m * sizeof(int32_t));
    if (!is_sound(frame)) {
        return do_not_fit();
    }
    for (Py_ssize_t node = 0; node < m; node++) {
        const int32_t code = frame->codes[node];
        frame->kinds[node] = code >= 0 && code < arrays[KINDS].length ? ((const uint8_t *)arrays[KINDS].view.buf)[code] : 0;
    }
    int32_t heading = -1;
    for (Py_ssize_t row = 0; row < n; row++) {
        frame->heading[row] = heading;
        heading = kind_of(frame, row) & RANK ? (int32_t)row : heading;
        frame->total += frame->sizes[row];
    }
    frame->total = most(frame->total, 1);
    return find_containers(frame);
}

static void
frame_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(((Frame *)self)->memory);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
frame_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const Form forms[GIVEN] = {{INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8},
                                      {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 4}, {FLOATS, 8},   {FLOATS, 8},
                                      {FLOATS, 8},   {FLOATS, 8},   {INTEGERS, 4}, {INTEGERS, 1}};
    PyObject *given[GIVEN];
    Numbers arrays[GIVEN];
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0) {
        PyErr_SetString(PyExc_TypeError, "Frame takes no names");
        return NULL;
    }
    if (!arguments_are("Frame", PyTuple_GET_SIZE(args), GIVEN)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < GIVEN; i++) {
        given[i] = PyTuple_GET_ITEM(args, i);
    }
    if (take_all(arrays, given, forms, GIVEN, 0) < 0) {
        return NULL;
    }
    Frame *frame = (Frame *)type->tp_alloc(type, 0); /* zeroed, so that it can be dropped half made */
    PyObject *nothing = drop_all(arrays, GIVEN, frame == NULL ? -1 : fill(frame, arrays));
    if (nothing == NULL) {
        Py_XDECREF(frame);
        return NULL;
    }
    Py_DECREF(nothing);
    return (PyObject *)frame;
}

/* -- the type ----------------------------------------------------------------------------------------------------- */

static PyObject *
frame_containers(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    const Frame *frame = (const Frame *)self;
    Numbers levels, heading;
    if (!arguments_are("containers", given, 2) || numbers_take(&levels, args[0], INTEGERS, 8, 1) < 0) {
        return NULL;
    }
    if (numbers_take(&heading, args[1], INTEGERS, 8, 1) < 0) {
        numbers_drop(&levels);
        return NULL;
    }
    int done = 0;
    if (levels.length != LEVELS * frame->n || heading.length != frame->n) {
        done = do_not_fit();
    }
    for (Py_ssize_t row = 0; done == 0 && row < frame->n; row++) {
        for (Py_ssize_t level = 0; level < LEVELS; level++) {
            ((int64_t *)levels.view.buf)[level * frame->n + row] = frame->levels[level][row];
        }
        ((int64_t *)heading.view.buf)[row] = frame->heading[row];
    }
    numbers_drop(&levels);
    return drop_all(&heading, 1, done);
}

#define ENTRY(name) {#name, FAST(frame_##name), METH_FASTCALL, "See the function of this name in declutter/features."}

static PyMethodDef methods[] = {
    {"containers", FAST(frame_containers), METH_FASTCALL, "containers(levels, heading): PageView.containers, last_heading."},
    ENTRY(in_page),      ENTRY(from_headings), ENTRY(in_best),        ENTRY(in_containers), ENTRY(paths),
    ENTRY(own_tag),      ENTRY(runs),          ENTRY(holdings),       ENTRY(alike_blocks),  ENTRY(repeated_units),
    ENTRY(company),      ENTRY(link_density),  ENTRY(targets),        ENTRY(near),          ENTRY(forms),
    ENTRY(amounts),      ENTRY(lexicons),      ENTRY(told),           ENTRY(box),           ENTRY(prose_around),
    ENTRY(spoken),       ENTRY(cohesion),      ENTRY(boxes),          ENTRY(pictures_around),
    ENTRY(length),       ENTRY(sentences),     ENTRY(characters),     ENTRY(of_block),      ENTRY(of_alike),
    ENTRY(site_name),    ENTRY(layout),
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Frame(arrays): what features are computed from; see features/frame.py."},
    {Py_tp_new, frame_new},
    {Py_tp_dealloc, frame_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "declutter._speedups.Frame",
    .basicsize = sizeof(Frame),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

int
add_frame(PyObject *module)
{
    for (int number = 0; number < LOGS; number++) {
        logs[number] = log1p(number);
    }
    PyObject *type = PyType_FromSpec(&spec);
    const int added = type == NULL ? -1 : PyModule_AddObjectRef(module, "Frame", type);
    Py_XDECREF(type);
    return added;
}

/* Runs of inline content become blocks: the compiled form of _Run and of _Segmenter.flush, add and icon. */
#include "run.h"

int
rows_add(Rows *rows, int32_t number)
{
    if (rows->length == rows->room) {
        const Py_ssize_t room = rows->room * 2 + 256;
        int32_t *data = PyMem_Realloc(rows->data, (size_t)room * sizeof(int32_t));
        if (data == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        rows->data = data;
        rows->room = room;
    }
    rows->data[rows->length++] = number;
    return 0;
}

int
run_piece(Run *run, PyObject *text)
{
    run->has_piece = 1;
    return characters_add(&run->characters, text);
}

int
run_space(Run *run)
{
    run->has_piece = 1;
    return characters_add_one(&run->characters, ' ');
}

int
run_break(Run *run)
{
    if (run->characters.length > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "a block of more than 2^31 characters");
        return -1;
    }
    run->has_piece = 0;
    return rows_add(&run->line_ends, (int32_t)run->characters.length);
}

static void
run_clear(Run *run)
{
    run->characters.length = 0;
    run->line_ends.length = 0;
    run->nodes.length = 0;
    run->icon_count = 0;
    run->has_piece = run->has_text = run->seen = run->hidden = run->pre = run->broken = 0;
}

int
is_visible(PyObject *text)
{
    const int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    for (Py_ssize_t i = 0; i < length; i++) {
        switch (PyUnicode_READ(kind, data, i)) {
        case ' ': case '\t': case '\n': case '\r': case '\f': case '\v': case 0xA0: case 0xAD:
        case 0x200B: case 0x200C: case 0x200D: case 0x200E: case 0x200F: case 0x2060: case 0xFEFF:
            break;
        default:
            return 1;
        }
    }
    return 0;
}

int
run_icon(Run *run, int32_t node, PyObject *label, int origin, int hidden)
{
    if (label == NULL || !is_visible(label)) {
        return 0;
    }
    if (run->icon_count == run->icon_room) {
        const Py_ssize_t room = run->icon_room * 2 + 16;
        Icon *icons = PyMem_Realloc(run->icons, (size_t)room * sizeof(Icon));
        if (icons == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        run->icons = icons;
        run->icon_room = room;
    }
    run->icons[run->icon_count++] = (Icon){.node = node, .origin = origin, .label = label};
    if (hidden) {
        run->hidden = 1;
    }
    else {
        run->seen = 1;
    }
    return 0;
}

/* A block more, of nodes first to last; takes the text over. */
static int
add_block(Run *run, PyObject *text, int32_t owner, int32_t first, int32_t last, int origin, int hidden)
{
    if (text == NULL) {
        return -1;
    }
    const int added = PyList_Append(run->texts, text);
    Py_DECREF(text);
    if (added < 0 || rows_add(&run->blocks, owner) < 0 || rows_add(&run->blocks, first) < 0 ||
        rows_add(&run->blocks, last + 1) < 0 || rows_add(&run->blocks, origin) < 0) {
        return -1;
    }
    return rows_add(&run->blocks, hidden);
}

static int32_t
last_block(const Run *run)
{
    return (int32_t)PyList_GET_SIZE(run->texts);
}

/* The lines of the run, one below the other: each as it stands, or with its white space collapsed. */
static PyObject *
run_text(Run *run)
{
    Characters *text = &run->text;
    text->length = 0;
    for (Py_ssize_t line = 0; line <= run->line_ends.length; line++) {
        const Py_ssize_t start = line > 0 ? run->line_ends.data[line - 1] : 0;
        const Py_ssize_t end = line < run->line_ends.length ? run->line_ends.data[line] : run->characters.length;
        if (line > 0 && characters_add_one(text, '\n') < 0) {
            return NULL;
        }
        if (!run->pre) {
            if (characters_add_collapsed(text, run->characters.data + start, end - start) < 0) {
                return NULL;
            }
            continue;
        }
        if (characters_reserve(text, end - start) < 0) {
            return NULL;
        }
        for (Py_ssize_t i = start; i < end; i++) {
            text->data[text->length++] = run->characters.data[i];
        }
    }
    /* strip("\n\r"); where white space is collapsed, newlines are all that strip() finds at the ends. */
    Characters stripped = *text;
    while (stripped.length > 0 && (*stripped.data == '\n' || *stripped.data == '\r')) {
        stripped.data++;
        stripped.length--;
    }
    while (stripped.length > 0 &&
           (stripped.data[stripped.length - 1] == '\n' || stripped.data[stripped.length - 1] == '\r')) {
        stripped.length--;
    }
    return characters_string(&stripped);
}

static PyObject *
icons_text(Run *run)
{
    run->text.length = 0;
    for (Py_ssize_t i = 0; i < run->icon_count; i++) {
        run->raw.length = 0;
        if ((i > 0 && characters_add_one(&run->text, ' ') < 0) ||
            characters_add(&run->raw, run->icons[i].label) < 0 ||
            characters_add_collapsed(&run->text, run->raw.data, run->raw.length) < 0) {
            return NULL;
        }
    }
    return characters_string(&run->text);
}

int
run_flush(Run *run)
{
    const int hidden = run->hidden && !run->seen;
    const int32_t block = last_block(run);
    if (run->has_text) {
        const int32_t tag = run->page->kinds[run->owner] & NUMBER;
        const int origin = tag == BUTTON || tag == TEXTAREA ? ORIGIN_CONTROL : ORIGIN_TEXT;
        for (Py_ssize_t i = 0; i < run->nodes.length; i++) {
            run->of_node[run->nodes.data[i]] = block;
        }
        if (add_block(run, run_text(run), run->owner, run->nodes.data[0], run->nodes.data[run->nodes.length - 1],
                      origin, hidden) < 0) {
            return -1;
        }
        run_clear(run);
    }
    else if (run->icon_count > 0) {
        int origin = ORIGIN_ALT;
        for (Py_ssize_t i = 0; i < run->icon_count; i++) {
            run->of_node[run->icons[i].node] = block;
            origin = run->icons[i].origin == ORIGIN_ALT ? origin : ORIGIN_CONTROL;
        }
        if (add_block(run, icons_text(run), run->owner, run->icons[0].node, run->icons[run->icon_count - 1].node,
                      origin, hidden) < 0) {
            return -1;
        }
        run_clear(run);
    }
    return 0;
}

int
run_control(Run *run, int32_t node, PyObject *text, int hidden)
{
    if (text == NULL) {
        return -1;
    }
    if (PyUnicode_GET_LENGTH(text) == 0) {
        Py_DECREF(text);
        return 0;
    }
    if (run_flush(run) < 0) {
        Py_DECREF(text);
        return -1;
    }
    run->of_node[node] = last_block(run);
    return add_block(run, text, run->owner, node, node, ORIGIN_CONTROL, hidden);
}

/* Where blocks stand to each other: the compiled form of layout_of in declutter/model/context.py. */
#include "frame.h"

#include <stdlib.h>

typedef struct {
    int64_t first, last;
} Range;

static int
by_place(const void *one, const void *other)
{
    const Range *a = one, *b = other;
    return a->first != b->first ? (a->first > b->first) - (a->first < b->first) : (a->last > b->last) - (a->last < b->last);
}

/* Write the different ranges of elements that hold blocks, ascending. How many they are. */
static Py_ssize_t
find_ranges(const Frame *frame, Range *ranges)
{
    Py_ssize_t count = 0, start = 0;
    int ordered = 1;
    for (Py_ssize_t element = 0; element < frame->k; element++) {
        if (frame->last[element] > frame->first[element]) {
            ranges[count++] = (Range){frame->first[element], frame->last[element]};
        }
    }
    /* Elements that begin with the same block are in each other: the innermost comes last, and is to be the first. */
    for (Py_ssize_t end = 1; end <= count; end++) {
        if (end == count || ranges[end].first != ranges[start].first) {
            for (Py_ssize_t low = start, high = end - 1; low < high; low++, high--) {
                const Range range = ranges[low];
                ranges[low] = ranges[high];
                ranges[high] = range;
            }
            start = end;
        }
    }
    for (Py_ssize_t place = 1; place < count; place++) {
        ordered &= by_place(&ranges[place - 1], &ranges[place]) <= 0;
    }
    if (!ordered) {
        qsort(ranges, (size_t)count, sizeof(Range), by_place);
    }
    Py_ssize_t kept = 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        if (kept == 0 || by_place(&ranges[kept - 1], &ranges[place]) != 0) {
            ranges[kept++] = ranges[place];
        }
    }
    return kept;
}

/* Write the number of the parent of each block's element, among those that are one, ascending. 0, or -1 with an exception. */
static int
number_parents(const Frame *frame, int64_t *numbers)
{
    int32_t *number = room_for(frame->k, sizeof(int32_t));
    if (number == NULL) {
        return -1;
    }
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        number[frame->parents[frame->owners[row]]] = 1;
    }
    int32_t next = 0;
    for (Py_ssize_t element = 0; element < frame->k; element++) {
        next += number[element];
        number[element] = next - 1;
    }
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        numbers[row] = number[frame->parents[frame->owners[row]]];
    }
    PyMem_Free(number);
    return 0;
}

/* layout(first, last, parent, ranges): how many ranges */
METHOD(layout)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}};
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers arrays[4];
    if (!arguments_are("layout", given, 4) || take_all(arrays, args, forms, 4, 4) < 0) {
        return NULL;
    }
    Py_ssize_t count = -1;
    if (arrays[0].length != (LEVELS - 1) * n || arrays[1].length != (LEVELS - 1) * n || arrays[2].length != n ||
        arrays[3].length != 2 * frame->k) {
        do_not_fit();
    }
    else if (number_parents(frame, arrays[2].view.buf) == 0) {
        int64_t *first = arrays[0].view.buf, *last = arrays[1].view.buf;
        for (int level = 1; level < LEVELS; level++) {
            for (Py_ssize_t row = 0; row < n; row++) {
                *first++ = frame->first[frame->levels[level][row]];
                *last++ = frame->last[frame->levels[level][row]];
            }
        }
        count = find_ranges(frame, arrays[3].view.buf);
    }
    PyObject *nothing = drop_all(arrays, 4, count < 0 ? -1 : 0);
    Py_XDECREF(nothing);
    return nothing == NULL ? NULL : PyLong_FromSsize_t(count);
}

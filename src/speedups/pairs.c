/* Groups of elements with the same path: the compiled forms of PageView.paths and of _siblings in
 * declutter/features/structure.py. Where those compare hashes of paths, elements are numbered here by the group of their
 * parent and their own step. */
#include "frame.h"
#include "wordtable.h"

#include <string.h>

typedef struct {
    int64_t above, step;
    int32_t number; /* + 1, 0 for an empty slot */
} Slot;

typedef struct {
    Slot *slots;
    size_t mask;
    int32_t count;
    uint64_t secret;
} Pairs;

static int
pairs_make(Pairs *pairs, Py_ssize_t most_pairs)
{
    size_t room = 16;
    while (room < 2 * (size_t)most_pairs) {
        room *= 2;
    }
    pairs->mask = room - 1;
    pairs->count = 0;
    pairs->secret = hash_secret();
    pairs->slots = pairs->secret == 0 ? NULL : room_for((Py_ssize_t)room, sizeof(Slot));
    return pairs->slots == NULL ? -1 : 0;
}

/* The number of a pair, which becomes the next one where it is new. No more are asked for than there is room for. */
static int32_t
pairs_number(Pairs *pairs, int64_t above, int64_t step)
{
    uint64_t hash = ((uint64_t)above ^ pairs->secret) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ (hash >> 32) ^ (uint64_t)step) * pairs->secret;
    hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9u;
    for (size_t place = (hash ^ (hash >> 32)) & pairs->mask;; place = (place + 1) & pairs->mask) {
        Slot *slot = &pairs->slots[place];
        if (slot->number == 0) {
            *slot = (Slot){above, step, ++pairs->count};
        }
        if (slot->above == above && slot->step == step) {
            return slot->number - 1;
        }
    }
}

/* Group elements by their parent's group and their step; of_parent where the parent itself is meant. The root is 0. */
static int
group_elements(const Frame *frame, const int64_t *steps, int of_parent, int32_t *groups)
{
    Pairs pairs;
    if (pairs_make(&pairs, frame->k) < 0) {
        return -1;
    }
    groups[0] = pairs_number(&pairs, -1, 0);
    for (Py_ssize_t element = 1; element < frame->k; element++) {
        const int32_t parent = frame->parents[element];
        groups[element] = pairs_number(&pairs, of_parent ? parent : groups[parent], steps[element]);
    }
    PyMem_Free(pairs.slots);
    return 0;
}

/* Number the groups of the blocks' elements from 0, as they come. seen: k zeros. */
static void
number_blocks(const Frame *frame, const int32_t *groups, int32_t *seen, int64_t *result)
{
    int32_t count = 0;
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        int32_t *number = &seen[groups[frame->owners[row]]];
        if (*number == 0) {
            *number = ++count;
        }
        result[row] = *number - 1;
    }
}

static int
find_paths(const Frame *frame, const int64_t *tags, const int64_t *names, int64_t *plain, int64_t *classed, int64_t *siblings)
{
    const Py_ssize_t k = frame->k;
    int32_t *groups = room_for(3 * k, sizeof(int32_t));
    int64_t *steps = room_for(k, sizeof(int64_t));
    int done = groups == NULL || steps == NULL ? -1 : group_elements(frame, tags, 0, groups);
    if (done == 0) {
        number_blocks(frame, groups, groups + k, plain);
        for (Py_ssize_t element = 0; element < k; element++) {
            steps[element] = tags[element] * (int64_t)k + names[element];
        }
        done = group_elements(frame, steps, 0, groups);
    }
    if (done == 0) {
        number_blocks(frame, groups, groups + 2 * k, classed);
        done = group_elements(frame, steps, 1, groups);
    }
    for (Py_ssize_t element = 0; done == 0 && element < k; element++) {
        siblings[element] = groups[element];
    }
    PyMem_Free(groups);
    PyMem_Free(steps);
    return done;
}

/* paths(tags, names, plain, classed, siblings): numbers of the tags and class names of elements; of blocks, and of elements. */
METHOD(paths)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}};
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t k = frame->k;
    Numbers arrays[5];
    if (!arguments_are("paths", given, 5) || take_all(arrays, args, forms, 5, 3) < 0) {
        return NULL;
    }
    int done = 0;
    if (arrays[0].length != k || arrays[1].length != k || arrays[2].length != frame->n || arrays[3].length != frame->n ||
        arrays[4].length != k) {
        done = do_not_fit();
    }
    for (int array = 0; done == 0 && array < 2; array++) {
        for (Py_ssize_t element = 0; done == 0 && element < k; element++) {
            const int64_t number = ((const int64_t *)arrays[array].view.buf)[element];
            done = number < 0 || number >= k ? do_not_fit() : 0;
        }
    }
    if (done == 0) {
        done = find_paths(frame, arrays[0].view.buf, arrays[1].view.buf, arrays[2].view.buf, arrays[3].view.buf,
                          arrays[4].view.buf);
    }
    return drop_all(arrays, 5, done);
}

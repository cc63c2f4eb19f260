/* See the header. */
#include "tags.h"
#include "shared.h"

static inline uint64_t
mixed(uint64_t hash, uint64_t bits)
{
    hash = (hash ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static inline uint64_t
hash_text(uint64_t hash, PyObject *text)
{
    const size_t size = (size_t)PyUnicode_GET_LENGTH(text) * (size_t)PyUnicode_KIND(text);
    const unsigned char *data = PyUnicode_DATA(text);
    uint64_t bits = 0;
    uint32_t first, last;
    hash = mixed(hash, size);
    for (size_t place = 0; place + sizeof(bits) < size; place += sizeof(bits)) {
        memcpy(&bits, data + place, sizeof(bits));
        hash = mixed(hash, bits);
    }
    if (size >= sizeof(bits)) { /* what is left, with some of what was */
        memcpy(&bits, data + size - sizeof(bits), sizeof(bits));
    }
    else if (size >= sizeof(first)) {
        memcpy(&first, data, sizeof(first));
        memcpy(&last, data + size - sizeof(last), sizeof(last));
        bits = (uint64_t)first << 32 | last;
    }
    else if (size > 0) {
        bits = (uint64_t)data[0] << 16 | (uint64_t)data[size / 2] << 8 | data[size - 1];
    }
    return mixed(hash, bits);
}

static PyObject *
keep(Seen *seen, uint64_t hash, PyObject *object)
{
    seen->hash = hash;
    Py_XSETREF(seen->object, Py_NewRef(object));
    return object;
}

PyObject *
shared_text(Shared *shared, PyObject *text)
{
    const uint64_t hash = hash_text(0, text);
    Seen *seen = &shared->texts[hash % SHARED_TEXTS];
    return seen->object != NULL && seen->hash == hash && same_text(seen->object, text) ? seen->object : keep(seen, hash, text);
}

/* Whether tuples of pairs of strings are equal. */
static int
same_attributes(PyObject *one, PyObject *other)
{
    const Py_ssize_t count = PyTuple_GET_SIZE(one);
    int same = count == PyTuple_GET_SIZE(other);
    for (Py_ssize_t i = 0; same && i < count; i++) {
        PyObject *mine = PyTuple_GET_ITEM(one, i), *theirs = PyTuple_GET_ITEM(other, i);
        PyObject *value = PyTuple_GET_ITEM(mine, 1), *their_value = PyTuple_GET_ITEM(theirs, 1);
        same = same_text(PyTuple_GET_ITEM(mine, 0), PyTuple_GET_ITEM(theirs, 0)) &&
               (value == Py_None || their_value == Py_None ? value == their_value : same_text(value, their_value));
    }
    return same;
}

/* Take tuples of strings from what the garbage collector looks through: it would itself, at its first look, and a large page
 * has it look a dozen times. */
static void
leave_to_counting(PyObject *tuple)
{
    if (PyObject_GC_IsTracked(tuple)) {
        PyObject_GC_UnTrack(tuple);
    }
}

static inline int
is_plain(PyObject *text)
{
    return PyUnicode_CheckExact(text) && PyUnicode_IS_READY(text);
}

PyObject *
shared_attributes(Shared *shared, PyObject *attributes)
{
    uint64_t hash = 0;
    if (!PyTuple_CheckExact(attributes)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(attributes); i++) {
        PyObject *pair = PyTuple_GET_ITEM(attributes, i);
        if (!PyTuple_CheckExact(pair) || PyTuple_GET_SIZE(pair) != 2 || !is_plain(PyTuple_GET_ITEM(pair, 0))) {
            return NULL;
        }
        PyObject *value = PyTuple_GET_ITEM(pair, 1);
        if (value != Py_None && !is_plain(value)) {
            return NULL;
        }
        hash = hash_text(hash, PyTuple_GET_ITEM(pair, 0));
        hash = value == Py_None ? mixed(hash, 1) : hash_text(hash, value);
    }
    Seen *seen = &shared->attributes[hash % SHARED_ATTRIBUTES];
    if (seen->object != NULL && seen->hash == hash && same_attributes(seen->object, attributes)) {
        return seen->object;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(attributes); i++) {
        leave_to_counting(PyTuple_GET_ITEM(attributes, i));
    }
    leave_to_counting(attributes);
    return keep(seen, hash, attributes);
}

void
shared_drop(Shared *shared)
{
    for (size_t place = 0; place < SHARED_TEXTS; place++) {
        Py_CLEAR(shared->texts[place].object);
    }
    for (size_t place = 0; place < SHARED_ATTRIBUTES; place++) {
        Py_CLEAR(shared->attributes[place].object);
    }
}

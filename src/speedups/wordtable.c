/* Words and their numbers; see the header. Open addressing, linear probing. */
#include "wordtable.h"

#include <string.h>

uint64_t
hash_secret(void)
{
    /* Python's own hash of strings is keyed anew in each process. */
    PyObject *name = PyUnicode_FromString("declutter");
    if (name == NULL) {
        return 0;
    }
    const Py_hash_t hash = PyObject_Hash(name);
    Py_DECREF(name);
    return ((uint64_t)hash * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)hash) | 1;
}

int
wordtable_make(WordTable *table)
{
    table->secret = hash_secret();
    if (table->secret == 0) {
        return -1;
    }
    table->slot_count = 2048;
    table->slots = PyMem_Calloc(table->slot_count, sizeof(int32_t));
    if (table->slots == NULL || characters_reserve(&table->letters, 0) < 0) {
        if (!PyErr_Occurred()) {
            PyErr_NoMemory();
        }
        return -1;
    }
    return 0;
}

void
wordtable_drop(WordTable *table)
{
    PyMem_Free(table->letters.data);
    PyMem_Free(table->entries);
    PyMem_Free(table->slots);
    memset(table, 0, sizeof(*table));
}

/* The slot of the word, or the free one where it belongs. */
static size_t
slot_of(const WordTable *table, const Py_UCS4 *word, Py_ssize_t length, uint64_t hash)
{
    const size_t mask = table->slot_count - 1;
    size_t slot = (size_t)(hash >> 20) & mask;
    for (; table->slots[slot] != 0; slot = (slot + 1) & mask) {
        const Entry *entry = &table->entries[table->slots[slot] - 1];
        if (entry->hash == hash && entry->length == length &&
            memcmp(table->letters.data + entry->start, word, (size_t)length * sizeof(Py_UCS4)) == 0) {
            break;
        }
    }
    return slot;
}

int32_t
wordtable_find(const WordTable *table, const Py_UCS4 *word, Py_ssize_t length, uint64_t hash)
{
    return table->slots[slot_of(table, word, length, hash)] - 1;
}

static int
grow(WordTable *table)
{
    if (table->count == table->room) {
        if (table->room > INT32_MAX / 4) {
            PyErr_NoMemory();
            return -1;
        }
        const int32_t room = table->room * 2 + 1024;
        Entry *entries = PyMem_Realloc(table->entries, (size_t)room * sizeof(Entry));
        if (entries == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        table->entries = entries;
        table->room = room;
    }
    if ((size_t)table->count * 2 < table->slot_count) {
        return 0;
    }
    const size_t slot_count = table->slot_count * 4;
    int32_t *slots = PyMem_Calloc(slot_count, sizeof(int32_t));
    if (slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int32_t number = 0; number < table->count; number++) {
        size_t slot = (size_t)(table->entries[number].hash >> 20) & (slot_count - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = number + 1;
    }
    PyMem_Free(table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return 0;
}

int32_t
wordtable_number(WordTable *table, const Py_UCS4 *word, Py_ssize_t length, uint64_t hash)
{
    const size_t slot = slot_of(table, word, length, hash);
    if (table->slots[slot] != 0) {
        return table->slots[slot] - 1;
    }
    if (characters_reserve(&table->letters, length) < 0) {
        return -1;
    }
    const Py_ssize_t start = table->letters.length;
    memcpy(table->letters.data + start, word, (size_t)length * sizeof(Py_UCS4));
    if (grow(table) < 0) {
        return -1;
    }
    table->letters.length += length;
    table->entries[table->count] = (Entry){.hash = hash, .start = start, .length = length};
    table->count++;
    table->slots[slot_of(table, word, length, hash)] = table->count;
    return table->count - 1;
}

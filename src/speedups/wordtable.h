/* Words and their numbers, in the order in which they come: a hash table that makes no objects of Python. */
#ifndef DECLUTTER_WORDTABLE_H
#define DECLUTTER_WORDTABLE_H

#include "text.h"

typedef struct {
    uint64_t hash;
    Py_ssize_t start; /* in `letters` */
    Py_ssize_t length;
} Entry;

typedef struct {
    Characters letters; /* of all words, one after the other */
    Entry *entries;     /* by number */
    int32_t count;
    int32_t room;
    int32_t *slots; /* number + 1, 0 for none; a power of two of them, at most half of them in use */
    size_t slot_count;
    uint64_t secret;
} WordTable;

/* What hashes hang on, so that no page can be written to fill one slot; odd, or 0 with an exception. */
uint64_t hash_secret(void);

/* 0, or -1 with an exception; wordtable_drop in both cases, of a struct that was zeroed. */
int wordtable_make(WordTable *table);
void wordtable_drop(WordTable *table);

/* The hash of a word is that of its beginning with one character more; that of none is the secret. */
static inline uint64_t
hash_with(uint64_t hash, Py_UCS4 character, uint64_t secret)
{
    hash = (hash ^ character) * secret;
    return hash ^ (hash >> 29);
}

/* The number of a word, -1 where it is not there. */
int32_t wordtable_find(const WordTable *table, const Py_UCS4 *word, Py_ssize_t length, uint64_t hash);

/* The number of a word, which becomes the next one where it is not there; -1 with an exception. */
int32_t wordtable_number(WordTable *table, const Py_UCS4 *word, Py_ssize_t length, uint64_t hash);

#endif

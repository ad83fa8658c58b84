/* Text readers kept between parts: see reader_pool.h. */
#include "queries/reader_pool.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

struct reader_pool {
    const struct question_set *set;
    pthread_mutex_t lock; /* guards all below */
    struct text_reader **idle;
    size_t idle_count, capacity; /* capacity is at least the number of readers made */
    size_t made;
};

struct reader_pool *reader_pool_new(const struct question_set *set)
{
    struct reader_pool *pool = mem_zalloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->set = set;
    pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

void reader_pool_free(struct reader_pool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < pool->idle_count; i++)
        text_reader_free(pool->idle[i]);
    free((void *)pool->idle);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

/* Room for one reader more, so that giving one back cannot fail. */
static bool make_room(struct reader_pool *pool)
{
    struct text_reader **grown =
        mem_grow((void *)pool->idle, &pool->capacity, pool->made + 1, sizeof *grown);
    if (!grown)
        return false;
    pool->idle = grown;
    pool->made++;
    return true;
}

enum status reader_pool_take(struct reader_pool *pool, struct text_reader **reader,
                             struct error *err)
{
    bool room = true;
    *reader = NULL;
    pthread_mutex_lock(&pool->lock);
    if (pool->idle_count)
        *reader = pool->idle[--pool->idle_count];
    else
        room = make_room(pool);
    pthread_mutex_unlock(&pool->lock);
    if (!*reader && room)
        *reader = text_reader_new(pool->set);
    return *reader ? STATUS_OK : error_nomem(err);
}

void reader_pool_give(struct reader_pool *pool, struct text_reader *reader)
{
    pthread_mutex_lock(&pool->lock);
    pool->idle[pool->idle_count++] = reader;
    pthread_mutex_unlock(&pool->lock);
}

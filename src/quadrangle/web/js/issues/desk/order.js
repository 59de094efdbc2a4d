// The orders of the list, as the API has them: what is read apart is put together by them.

const RANKS = { URGENT: 0, HIGH: 1, NORMAL: 2, LOW: 3 };

const newest = (a, b) => (a.createdAt === b.createdAt ? 0 : a.createdAt > b.createdAt ? -1 : 1);

// What is resolved is not due any more; what has no target comes before it.
const dueGroup = ({ status, dueAt }) => (status === "RESOLVED" ? 2 : dueAt ? 0 : 1);

const orders = {
  newest,
  due(a, b) {
    const group = dueGroup(a);
    if (group !== dueGroup(b)) return group - dueGroup(b);
    if (group > 0 || a.dueAt === b.dueAt) return newest(a, b);
    return a.dueAt < b.dueAt ? -1 : 1;
  },
  priority: (a, b) => RANKS[a.priority] - RANKS[b.priority] || newest(a, b),
};

/** Compare two issues as `Array.sort` wants it. */
export const orderOf = (sort) => orders[sort];

package dev.stowage.async;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Runs asynchronous work of many owners, such as namespaces, with bounded concurrency. Owners are served in turn, and none of them
 * can take all places or fill the queue: if the queue is full, the owner with the most waiting work gives way.
 */
public final class FairQueue {

    /**
     * Bounds of a queue.
     *
     * @param running how much work runs at a time
     * @param runningPerOwner how much of it is of one owner
     * @param waiting how much work waits
     * @param waitingPerOwner how much of it is of one owner
     */
    public record Limits(int running, int runningPerOwner, int waiting, int waitingPerOwner) {
        public Limits {
            if (running <= 0 || runningPerOwner <= 0 || waiting < 0 || waitingPerOwner < 0) {
                throw new IllegalArgumentException("places must be positive, and queues not negative");
            }
        }
    }

    private final Limits limits;
    private final Map<String, Owner> owners = new HashMap<>();
    /** Owners with waiting work and fewer running than they may have, the next one first. */
    private final Set<Owner> ready = new LinkedHashSet<>();

    private final ThreadLocal<Boolean> starting = ThreadLocal.withInitial(() -> false);
    private long submitted;
    private int running;
    private int waiting;

    public FairQueue(Limits limits) {
        this.limits = limits;
    }

    /**
     * Starts the work now or when it is its owner's turn. Cancelling the result, or completing it, removes work that waits and cancels
     * work that runs.
     *
     * @param owner whose work it is
     * @param work starts the work; its place is free again when the future completes
     * @return the result of the work; a {@link RejectedExecutionException} when there is no room for it
     */
    public <T> CompletableFuture<T> submit(String owner, Supplier<CompletableFuture<T>> work) {
        Task<T> task;
        Optional<Task<?>> rejected;
        synchronized (this) {
            task = add(owner, work);
            rejected = overflow(task);
        }
        task.result.whenComplete((result, failure) -> remove(task));
        startReady();
        rejected.ifPresent(Task::reject);
        return task.result;
    }

    /** How much work runs. */
    public synchronized int running() {
        return running;
    }

    /** How much work waits. */
    public synchronized int waiting() {
        return waiting;
    }

    private <T> Task<T> add(String name, Supplier<CompletableFuture<T>> work) {
        Owner owner = owners.computeIfAbsent(name, Owner::new);
        Task<T> task = new Task<>(owner, submitted++, work);
        owner.waiting.put(task.number, task);
        waiting++;
        update(owner);
        return task;
    }

    /** Removes the work that has no room now that this task was added. */
    private Optional<Task<?>> overflow(Task<?> added) {
        Owner owner = added.owner;
        if (owner.waiting.size() == 1 && running < limits.running() && owner.running < limits.runningPerOwner()) {
            return Optional.empty();
        }
        if (owner.waiting.size() > limits.waitingPerOwner()) {
            return remove(added);
        }
        if (waiting <= limits.waiting()) {
            return Optional.empty();
        }
        Owner longest = owners.values().stream()
                .filter(each -> each.waiting.size() > owner.waiting.size())
                .max(Comparator.comparingInt(each -> each.waiting.size()))
                .orElse(owner);
        return remove(longest.waiting.lastEntry().getValue());
    }

    private synchronized Optional<Task<?>> remove(Task<?> task) {
        if (task.owner.waiting.remove(task.number) == null) {
            return Optional.empty();
        }
        waiting--;
        update(task.owner);
        return Optional.of(task);
    }

    /** In a loop, so that a long queue of work that completes at once does not become a deep stack. */
    private void startReady() {
        if (starting.get()) {
            return;
        }
        starting.set(true);
        try {
            for (Optional<Task<?>> next = take(); next.isPresent(); next = take()) {
                next.get().start();
            }
        } finally {
            starting.remove();
        }
    }

    private synchronized Optional<Task<?>> take() {
        if (running >= limits.running() || ready.isEmpty()) {
            return Optional.empty();
        }
        Owner owner = ready.iterator().next();
        // if it has more, it is added again at the end
        ready.remove(owner);
        Task<?> task = owner.waiting.pollFirstEntry().getValue();
        waiting--;
        running++;
        owner.running++;
        update(owner);
        return Optional.of(task);
    }

    private void release(Owner owner) {
        synchronized (this) {
            running--;
            owner.running--;
            update(owner);
        }
        startReady();
    }

    private void update(Owner owner) {
        if (owner.waiting.isEmpty() || owner.running >= limits.runningPerOwner()) {
            ready.remove(owner);
        } else {
            ready.add(owner);
        }
        if (owner.waiting.isEmpty() && owner.running == 0) {
            owners.remove(owner.name, owner);
        }
    }

    /** An owner with work that waits or runs. */
    private static final class Owner {

        private final String name;
        private final TreeMap<Long, Task<?>> waiting = new TreeMap<>();
        private int running;

        Owner(String name) {
            this.name = name;
        }
    }

    private final class Task<T> {

        private final Owner owner;
        private final long number;
        private final Supplier<CompletableFuture<T>> work;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Task(Owner owner, long number, Supplier<CompletableFuture<T>> work) {
            this.owner = owner;
            this.number = number;
            this.work = work;
        }

        void start() {
            if (result.isDone()) {
                release(owner);
                return;
            }
            CompletableFuture<T> started = call();
            result.whenComplete((value, failure) -> started.cancel(true));
            started.whenComplete((value, failure) -> {
                release(owner);
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(Causes.unwrap(failure));
                }
            });
        }

        private CompletableFuture<T> call() {
            try {
                return work.get();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        void reject() {
            result.completeExceptionally(new RejectedExecutionException("the queue is full"));
        }
    }
}

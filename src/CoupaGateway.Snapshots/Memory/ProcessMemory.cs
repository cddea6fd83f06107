using System.Runtime.InteropServices;

namespace CoupaGateway.Snapshots.Memory;

/// <summary>What this process holds and no longer needs.</summary>
public static partial class ProcessMemory
{
    // M_ARENA_MAX of malloc.h.
    private const int MostHeaps = -8;

    // arena.i.purge of jemalloc's manual, where i is MALLCTL_ARENAS_ALL.
    private const string PurgeAllArenas = "arena.4096.purge";

    private static long _allocatedBefore;

    /// <summary>Bytes that were allocated since the last <see cref="GiveBack"/>, or since the start.</summary>
    public static long AllocatedSinceGivenBack => GC.GetTotalAllocatedBytes() - Volatile.Read(ref _allocatedBefore);

    /// <summary>
    /// Gives free memory back to the system, for the moment when heavy work is over and nothing like it is expected soon. It stops all threads for
    /// some tens of milliseconds. Neither the garbage collector nor the C library's allocator, which serves the row buffers, nor DuckDB's, does it on
    /// its own as long as memory is not short: after a first load the process would keep twice what it needs.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Volatile.Write(ref _allocatedBefore, GC.GetTotalAllocatedBytes());
        TrimHeaps();
    }

    /// <summary>What native code has freed: the part of <see cref="GiveBack"/> that stops no thread.</summary>
    public static unsafe void TrimHeaps()
    {
        if (!OperatingSystem.IsLinux())
            return;

        try
        {
            _ = TrimHeap(0);
        }
        catch (Exception failure) when (failure is EntryPointNotFoundException or DllNotFoundException)
        {
            // Only glibc has it, and only glibc needs it.
        }

        try
        {
            _ = ControlAllocator(PurgeAllArenas, null, null, null, 0);
        }
        catch (Exception failure) when (failure is EntryPointNotFoundException or DllNotFoundException)
        {
            // DuckDB is not built with this allocator for every platform.
        }
    }

    /// <summary>
    /// Lets the C library keep few heaps; called before there are many threads. Otherwise it makes up to eight for each core, and what one has free is of no
    /// use to the others: rows and pages that wander through threads would leave some in each.
    /// </summary>
    public static void KeepHeapsFew()
    {
        if (!OperatingSystem.IsLinux())
            return;

        try
        {
            _ = SetHeapOption(MostHeaps, Math.Clamp(Environment.ProcessorCount, 2, 8));
        }
        catch (Exception failure) when (failure is EntryPointNotFoundException or DllNotFoundException)
        {
            // Only glibc has it, and only glibc needs it.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetHeapOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint keep);

    /// <summary><c>mallctl</c> of jemalloc, as DuckDB builds and names it.</summary>
    [LibraryImport("duckdb", EntryPoint = "duckdb_je_mallctl", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int ControlAllocator(string name, void* old, nuint* oldLength, void* value, nuint length);
}

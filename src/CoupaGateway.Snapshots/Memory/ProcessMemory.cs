using System.Runtime.InteropServices;

namespace CoupaGateway.Snapshots.Memory;

/// <summary>What this process holds and no longer needs.</summary>
public static partial class ProcessMemory
{
    /// <summary>
    /// Gives free memory back to the system, for the moment when heavy work is over and nothing like it is expected soon. It stops all threads for
    /// some tens of milliseconds. Neither the garbage collector nor the C library's allocator, which serves DuckDB and the row buffers, does it on
    /// its own as long as memory is not short: after a first load the process would keep twice what it needs.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
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
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint keep);
}

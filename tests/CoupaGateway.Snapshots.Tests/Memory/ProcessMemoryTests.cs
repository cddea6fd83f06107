using System.Runtime.InteropServices;
using CoupaGateway.Snapshots.Memory;

namespace CoupaGateway.Snapshots.Tests.Memory;

[Collection("Memory of the process")]
public sealed class ProcessMemoryTests
{
    private const int Block = 32 * 1024;
    private const int Blocks = 200 * 1024 * 1024 / Block;

    [Fact]
    public void Memory_that_native_code_has_freed_leaves_the_process()
    {
        var before = Resident();
        Assert.InRange(Fill() - before, Blocks / 2 * (long)Block, long.MaxValue);

        ProcessMemory.GiveBack();

        // Other tests run in this process at the same time, hence the wide margin.
        Assert.InRange(Resident() - before, long.MinValue, Blocks / 2 * (long)Block);
    }

    /// <summary>Takes and frees many blocks, but keeps the last one, which holds the end of the heap in place, and returns what was resident meanwhile.</summary>
    private static long Fill()
    {
        var blocks = new nint[Blocks];
        for (var i = 0; i < Blocks; i++)
        {
            blocks[i] = Marshal.AllocHGlobal(Block);
            for (var page = 0; page < Block; page += Environment.SystemPageSize)
                Marshal.WriteByte(blocks[i], page, 1);
        }

        var resident = Resident();
        foreach (var block in blocks.AsSpan(0, Blocks - 1))
            Marshal.FreeHGlobal(block);

        return resident;
    }

    private static long Resident() => Environment.WorkingSet;
}

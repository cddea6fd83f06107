using System.Runtime.InteropServices;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>Bytes of the texts that do not fit into their 16-byte cell. Blocks never move, so cells may point into them.</summary>
internal sealed unsafe class TextArena : IDisposable
{
    private const int BlockSize = 256 * 1024;

    private readonly List<Block> _blocks = [];
    private int _current = -1;
    private int _used;

    public long AllocatedBytes { get; private set; }

    public byte* Reserve(int length)
    {
        if (_current < 0 || length > _blocks[_current].Size - _used)
            NextBlock(length);

        var start = _blocks[_current].Start + _used;
        _used += length;
        return start;
    }

    /// <summary>Forgets all texts; one block is kept for the next ones.</summary>
    public void Clear()
    {
        for (var i = _blocks.Count - 1; i > 0; i--)
            Free(i);

        if (_blocks.Count == 1 && _blocks[0].Size > BlockSize)
            Free(0);

        _current = _blocks.Count - 1;
        _used = 0;
    }

    public void Dispose()
    {
        for (var i = _blocks.Count - 1; i >= 0; i--)
            Free(i);

        _current = -1;
    }

    private void NextBlock(int length)
    {
        var size = Math.Max(length, BlockSize);
        _blocks.Add(new Block((byte*)NativeMemory.Alloc((nuint)size), size));
        AllocatedBytes += size;
        _current = _blocks.Count - 1;
        _used = 0;
    }

    private void Free(int index)
    {
        NativeMemory.Free(_blocks[index].Start);
        AllocatedBytes -= _blocks[index].Size;
        _blocks.RemoveAt(index);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Block(byte* start, int size)
    {
        public byte* Start { get; } = start;

        public int Size { get; } = size;
    }
}

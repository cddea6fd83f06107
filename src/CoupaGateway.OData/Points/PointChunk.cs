using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;

namespace CoupaGateway.OData.Points;

/// <summary>
/// The rows of one chunk, to be read one at a time: in blocks of a few rows, each compressed, with the keys beside them. A row is one byte for each column, 1 for a value and 0 for
/// null, followed by the value as DuckDB has it in memory, or by the length of a text in four bytes and its UTF-8.
/// </summary>
/// <param name="Columns">All columns of the chunk.</param>
/// <param name="Keys">Values of the key columns, one array for each; rows are in their order.</param>
/// <param name="Blocks">Each compressed.</param>
/// <param name="Firsts">Number of the first row of each block.</param>
/// <param name="Sizes">Bytes of each block before compression.</param>
/// <param name="Starts">Where each row begins in its block.</param>
internal sealed record PointChunk(ImmutableArray<PointColumn> Columns, long[][] Keys, byte[][] Blocks, int[] Firsts, int[] Sizes, int[] Starts)
{
    /// <summary>Where each column stands among <see cref="Columns"/>.</summary>
    public FrozenDictionary<string, int> Index { get; } = Columns.Select(static (column, index) => KeyValuePair.Create(column.Name, index)).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Memory that it holds, in bytes.</summary>
    public long Bytes { get; } = Blocks.Sum(static block => block.LongLength + 24) + (Starts.LongLength * ((8L * Keys.Length) + 4)) + (Blocks.LongLength * 16);

    /// <summary>Number of the row with this key; negative where there is none.</summary>
    public int Find(ImmutableArray<long> key)
    {
        var (low, high) = (0, Starts.Length - 1);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var order = Compare(middle, key);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    /// <summary>The block that a row is in, and where it begins there.</summary>
    public (byte[] Block, int Start) Read(int row)
    {
        var index = Array.BinarySearch(Firsts, row);
        index = index < 0 ? ~index - 1 : index;
        var block = new byte[Sizes[index]];
        using var stream = new DeflateStream(new MemoryStream(Blocks[index], writable: false), CompressionMode.Decompress);
        stream.ReadExactly(block);
        return (block, Starts[row]);
    }

    private int Compare(int row, ImmutableArray<long> key)
    {
        for (var part = 0; part < Keys.Length; part++)
        {
            if (Keys[part][row].CompareTo(key[part]) is not 0 and var order)
                return order;
        }

        return 0;
    }
}

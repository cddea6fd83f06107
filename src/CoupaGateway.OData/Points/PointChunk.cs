using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;

namespace CoupaGateway.OData.Points;

/// <summary>The rows of one chunk, to be read one at a time: in blocks of a few rows, see <see cref="PointBlock"/>, each compressed, with the keys beside them.</summary>
/// <param name="Columns">All columns of the chunk.</param>
/// <param name="Keys">Values of the key columns, one array for each; rows are in their order.</param>
/// <param name="Blocks">Each compressed.</param>
/// <param name="Firsts">Number of the first row of each block.</param>
/// <param name="Sizes">Bytes of each block before compression.</param>
internal sealed record PointChunk(ImmutableArray<PointColumn> Columns, long[][] Keys, byte[][] Blocks, int[] Firsts, int[] Sizes)
{
    /// <summary>Where each column stands among <see cref="Columns"/>.</summary>
    public FrozenDictionary<string, int> Index { get; } = Columns.Select(static (column, index) => KeyValuePair.Create(column.Name, index)).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Memory that it holds, in bytes.</summary>
    public long Bytes { get; } = Blocks.Sum(static block => block.LongLength + 24) + Keys.Sum(static part => part.LongLength * 8) + (Blocks.LongLength * 16);

    /// <summary>Number of the row with this key; negative where there is none.</summary>
    public int Find(ImmutableArray<long> key)
    {
        var (low, high) = (0, Keys[0].Length - 1);
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

    /// <summary>The block that a row is in, and its number there.</summary>
    public (PointBlock Block, int Row) Read(int row)
    {
        var index = Array.BinarySearch(Firsts, row);
        index = index < 0 ? ~index - 1 : index;
        var bytes = new byte[Sizes[index]];
        using var stream = new DeflateStream(new MemoryStream(Blocks[index], writable: false), CompressionMode.Decompress);
        stream.ReadExactly(bytes);
        var end = index + 1 < Firsts.Length ? Firsts[index + 1] : Keys[0].Length;
        return (new(bytes, end - Firsts[index]), row - Firsts[index]);
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

using System.Buffers;

namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>What has to change in the description of a column when its pages move to another file.</summary>
internal static class ParquetTypes
{
    /// <summary>
    /// Instants are stored without a zone, because DuckDB needs an extension to compute with one, but they are UTC: readers of a download are told so.
    /// </summary>
    public static ThriftStruct WithZone(ThriftStruct element)
    {
        if (element.FindStruct(ParquetFields.SchemaLogicalType) is not { } logical || logical.FindStruct(ParquetFields.LogicalTimestamp) is not { } instant)
            return element;
        return element.With(
            ParquetFields.SchemaLogicalType, logical.With(ParquetFields.LogicalTimestamp, instant.With(ParquetFields.TimestampIsUtc, true)));
    }

    /// <param name="to">Where the first page will lie.</param>
    /// <returns>The description there, and where the pages lie now.</returns>
    public static (ThriftStruct Chunk, long From, long Length) Move(ThriftStruct chunk, long to)
    {
        var column = chunk.Struct(ParquetFields.ChunkMetadata);
        var data = column.Integer(ParquetFields.ColumnDataOffset);
        var from = Math.Min(data, column.FindInteger(ParquetFields.ColumnDictionaryOffset) ?? data);

        // Indexes and Bloom filters lie elsewhere and stay behind.
        var moved = column.Without(ParquetFields.ColumnIndexOffset, ParquetFields.ColumnBloomOffset, ParquetFields.ColumnBloomLength)
            .With(ParquetFields.ColumnDataOffset, data - from + to);
        if (column.FindInteger(ParquetFields.ColumnDictionaryOffset) is { } dictionary)
            moved = moved.With(ParquetFields.ColumnDictionaryOffset, dictionary - from + to);
        return (
            chunk.Without(
                    ParquetFields.ChunkFilePath, ParquetFields.ChunkOffsetIndexOffset, ParquetFields.ChunkOffsetIndexLength,
                    ParquetFields.ChunkColumnIndexOffset, ParquetFields.ChunkColumnIndexLength)
                .With(ParquetFields.ChunkOffset, to)
                .With(ParquetFields.ChunkMetadata, moved),
            from,
            column.Integer(ParquetFields.ColumnCompressedBytes));
    }

    public static ReadOnlySpan<byte> Bytes(ThriftStruct value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        new ThriftWriter(bytes).WriteStruct(value);
        return bytes.WrittenSpan;
    }
}

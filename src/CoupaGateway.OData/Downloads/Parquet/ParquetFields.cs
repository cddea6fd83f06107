namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>Ids of the fields in a Parquet footer that matter here (parquet.thrift of the Parquet format, 2.11).</summary>
internal static class ParquetFields
{
    public const short FileVersion = 1;
    public const short FileSchema = 2;
    public const short FileRows = 3;
    public const short FileRowGroups = 4;
    public const short FileCreatedBy = 6;
    public const short FileColumnOrders = 7;

    public const short SchemaName = 4;
    public const short SchemaChildren = 5;
    public const short SchemaLogicalType = 10;
    public const short LogicalTimestamp = 8;
    public const short TimestampIsUtc = 1;

    public const short GroupColumns = 1;
    public const short GroupBytes = 2;
    public const short GroupRows = 3;
    public const short GroupOffset = 5;
    public const short GroupCompressedBytes = 6;
    public const short GroupOrdinal = 7;

    public const short ChunkFilePath = 1;
    public const short ChunkOffset = 2;
    public const short ChunkMetadata = 3;
    public const short ChunkOffsetIndexOffset = 4;
    public const short ChunkOffsetIndexLength = 5;
    public const short ChunkColumnIndexOffset = 6;
    public const short ChunkColumnIndexLength = 7;

    public const short ColumnUncompressedBytes = 6;
    public const short ColumnCompressedBytes = 7;
    public const short ColumnDataOffset = 9;
    public const short ColumnIndexOffset = 10;
    public const short ColumnDictionaryOffset = 11;
    public const short ColumnBloomOffset = 14;
    public const short ColumnBloomLength = 15;
}

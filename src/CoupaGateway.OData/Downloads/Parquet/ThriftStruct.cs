using System.Collections.Immutable;

namespace CoupaGateway.OData.Downloads.Parquet;

/// <summary>A struct as its fields, in order of their ids. Fields that nobody here knows are kept as they are.</summary>
internal sealed record ThriftStruct(ImmutableArray<ThriftField> Fields)
{
    public long Integer(short id) => (long)Get(id);

    public long? FindInteger(short id) => (long?)Find(id)?.Value;

    public ThriftStruct Struct(short id) => (ThriftStruct)Get(id);

    public ThriftStruct? FindStruct(short id) => (ThriftStruct?)Find(id)?.Value;

    public IReadOnlyList<object> List(short id) => ((ThriftList)Get(id)).Items;

    public byte[] Binary(short id) => (byte[])Get(id);

    /// <summary>The same with another value in a field that is there already.</summary>
    public ThriftStruct With(short id, object value) =>
        this with { Fields = [.. Fields.Select(field => field.Id == id ? field with { Value = value, Type = value is bool flag ? Code(flag) : field.Type } : field)] };

    public ThriftStruct Without(params ImmutableArray<short> ids) => this with { Fields = [.. Fields.Where(field => !ids.Contains(field.Id))] };

    private ThriftField? Find(short id) => Fields.FirstOrDefault(field => field.Id == id);

    private object Get(short id) => Find(id)?.Value ?? throw new InvalidDataException($"The Parquet footer lacks the field {id}.");

    public static ThriftType Code(bool value) => value ? ThriftType.True : ThriftType.False;
}

using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>Control information of <c>odata.metadata=full</c> around an entity's properties (OData JSON 4.0, section 4.5).</summary>
internal sealed class EntityMetadataWriter(ImmutableArray<ColumnVector> vectors, JsonRowFormat.FullMetadata metadata, string prefix)
{
    private readonly byte[] _type = [.. PropertyWriter.Encode(prefix + "type"), (byte)':', .. PropertyWriter.Encode("#" + metadata.TypeName), (byte)',', .. PropertyWriter.Encode(prefix + "id"), .. ":\""u8];

    // Without its quotes: the key predicate goes on in the same string.
    private readonly byte[] _url = PropertyWriter.Encode(metadata.EntityIdPrefix)[1..^1];

    private readonly ImmutableArray<KeyPart> _key =
        [.. metadata.Key.Select((column, index) => new KeyPart(vectors[column], index, metadata.Key.Length > 1))];

    private readonly ImmutableArray<(byte[] Association, byte[] Link, byte[] Path)> _navigation =
        [.. metadata.Navigation.Select(name => (
            (byte[])[(byte)',', .. PropertyWriter.Encode($"{name}{prefix}associationLink"), .. ":\""u8],
            (byte[])[.. "\","u8, .. PropertyWriter.Encode($"{name}{prefix}navigationLink"), .. ":\""u8],
            (byte[])[(byte)'/', .. PropertyWriter.Encode(name)[1..^1]]))];

    /// <param name="skip">Becomes 0: a comma goes before the next property.</param>
    public void WriteStart(ref JsonOutput output, int row, ref int skip)
    {
        output.Reserve(_type.Length);
        output.Write(_type);
        WriteEntityUrl(ref output, row);
        output.WriteByte((byte)'"');
        skip = 0;
    }

    public void WriteEnd(ref JsonOutput output, int row)
    {
        foreach (var (association, link, path) in _navigation)
        {
            output.Reserve(association.Length);
            output.Write(association);
            WriteEntityUrl(ref output, row);
            output.Reserve(path.Length + 8 + link.Length);
            output.Write(path);
            output.Write("/$ref"u8);
            output.Write(link);
            WriteEntityUrl(ref output, row);
            output.Reserve(path.Length + 1);
            output.Write(path);
            output.WriteByte((byte)'"');
        }
    }

    /// <summary>Leaves room for the closing quote.</summary>
    private void WriteEntityUrl(ref JsonOutput output, int row)
    {
        output.Reserve(_url.Length + 1);
        output.Write(_url);
        output.WriteByte((byte)'(');
        foreach (var part in _key)
            part.Write(ref output, row);
        output.Reserve(2);
        output.WriteByte((byte)')');
    }
}

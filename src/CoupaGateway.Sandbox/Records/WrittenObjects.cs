using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using CoupaGateway.Sandbox.Tenants;

namespace CoupaGateway.Sandbox.Records;

/// <summary>
/// The bytes of objects that many records refer to: two thirds of a page of invoices are a few hundred suppliers, users and accounts, written again and
/// again. Bounded; when it is full it begins anew.
/// </summary>
internal sealed class WrittenObjects(CustomFields custom)
{
    private const int MostBytes = 16 << 20;
    private const int LargestObject = 4_096;

    private readonly ConcurrentDictionary<Shown, byte[]> _objects = new();
    private object _version = custom.Version;
    private long _bytes;

    public byte[] Get(Node node, Projection projection, RecordWriter recordWriter)
    {
        if (!ReferenceEquals(Volatile.Read(ref _version), custom.Version))
            Clear();
        var shown = new Shown(node, projection);
        if (_objects.TryGetValue(shown, out var known))
            return known;

        var version = custom.Version;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            recordWriter.Write(writer, node, projection);
        var made = buffer.WrittenSpan.ToArray();
        if (made.Length <= LargestObject && ReferenceEquals(version, custom.Version) && _objects.TryAdd(shown, made)
            && Interlocked.Add(ref _bytes, made.Length) > MostBytes)
        {
            Clear();
        }

        return made;
    }

    private void Clear()
    {
        _objects.Clear();
        Interlocked.Exchange(ref _bytes, 0);
        Volatile.Write(ref _version, custom.Version);
    }

    /// <summary>Class, id and projection by identity.</summary>
    private readonly struct Shown(Node node, Projection projection) : IEquatable<Shown>
    {
        private readonly object _class = node.Class;
        private readonly long _id = node.Id;
        private readonly object _projection = projection;

        public bool Equals(Shown other) => ReferenceEquals(_class, other._class) && _id == other._id && ReferenceEquals(_projection, other._projection);

        public override bool Equals(object? obj) => obj is Shown other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_class), _id, System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_projection));
    }
}

using System.Text;

namespace CoupaGateway.EndToEnd.Tests.Monitoring;

/// <summary>A span out of an OTLP message. Field numbers are those of opentelemetry-proto's trace.proto and logs.proto.</summary>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name)
{
    private const int First = 1, ScopeItems = 2, Items = 2;

    /// <summary>Spans of an ExportTraceServiceRequest: resource_spans / scope_spans / spans.</summary>
    public static IEnumerable<OtlpSpan> ReadAll(byte[] message) => Leaves(message).Select(static span => new OtlpSpan(
        Hex(Field(span, 1)), Hex(Field(span, 2)), Hex(Field(span, 4)), Encoding.UTF8.GetString(Field(span, 5))));

    /// <summary>Trace ids of the records of an ExportLogsServiceRequest that have one.</summary>
    public static IEnumerable<string> ReadLogTraces(byte[] message) => Leaves(message).Select(static record => Hex(Field(record, 9))).Where(static id => id.Length > 0);

    private static IEnumerable<byte[]> Leaves(byte[] message) =>
        Fields(message, First).SelectMany(static resource => Fields(resource, ScopeItems)).SelectMany(static scope => Fields(scope, Items));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static byte[] Field(byte[] message, int number) => Fields(message, number).FirstOrDefault() ?? [];

    /// <summary>The fields of a message with a number and a length.</summary>
    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if (tag >> 3 == (ulong)number)
                        found.Add(message[at..(at + length)]);
                    at += length;
                    break;
                default:
                    at += 4;
                    break;
            }
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}

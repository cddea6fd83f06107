using Microsoft.OData;

namespace CoupaGateway.OData.Formats;

/// <summary>The JSON that a client gets.</summary>
internal sealed record ResponseFormat(MetadataLevel Metadata, bool Ieee754Compatible)
{
    public ODataVersion Version { get; init; } = ODataVersion.V4;

    /// <summary>What the names of control information begin with.</summary>
    public string Prefix => Version.ControlPrefix();

    public string ContentType(bool streaming)
    {
        // As with control information, the short names are of 4.01.
        var prefix = Prefix[1..];
        var type = $"application/json;{prefix}metadata=" + Metadata switch
        {
            MetadataLevel.None => "none",
            MetadataLevel.Full => "full",
            _ => "minimal",
        };
        if (streaming)
            type += $";{prefix}streaming=true";

        return Ieee754Compatible ? type + ";IEEE754Compatible=true" : type;
    }
}

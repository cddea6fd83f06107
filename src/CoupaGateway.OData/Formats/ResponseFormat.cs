namespace CoupaGateway.OData.Formats;

/// <summary>The JSON that a client gets.</summary>
internal sealed record ResponseFormat(MetadataLevel Metadata, bool Ieee754Compatible)
{
    public string ContentType(bool streaming)
    {
        var type = "application/json;odata.metadata=" + Metadata switch
        {
            MetadataLevel.None => "none",
            MetadataLevel.Full => "full",
            _ => "minimal",
        };
        if (streaming)
            type += ";odata.streaming=true";

        return Ieee754Compatible ? type + ";IEEE754Compatible=true" : type;
    }
}

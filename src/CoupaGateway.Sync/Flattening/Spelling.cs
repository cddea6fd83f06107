using CoupaGateway.Sync.Observing;

namespace CoupaGateway.Sync.Flattening;

/// <summary>A key as it is written in the JSON, and the field it stands for.</summary>
/// <param name="bytes">The key between its quotes.</param>
/// <param name="field">The field, or null when no table takes it.</param>
/// <param name="observed">Where its values are noted, or null when they are not.</param>
internal sealed class Spelling(byte[] bytes, FieldPlan? field, ObservedValue? observed = null)
{
    public byte[] Bytes { get; } = bytes;

    /// <summary>The key with its quotes and the colon behind it.</summary>
    public byte[] Quoted { get; } = [(byte)'"', .. bytes, (byte)'"', (byte)':'];

    public FieldPlan? Field { get; } = field;

    public ObservedValue? Observed { get; } = observed;

    /// <summary>The spelling that came after this one the last time.</summary>
    public Spelling? Next { get; set; }
}

namespace CoupaGateway.Schema.Observed;

/// <summary>The type that a column needs for the kinds of values seen. More kinds make it wider, never narrower.</summary>
public static class ObservedTypes
{
    private const ValueKinds Scalars = ValueKinds.Integer | ValueKinds.Decimal | ValueKinds.Boolean | ValueKinds.Date | ValueKinds.DateTime | ValueKinds.Text;

    /// <summary>Null when only nulls, objects or arrays were seen: no column holds them.</summary>
    public static ColumnType? Of(ValueKinds kinds) => (kinds & Scalars) switch
    {
        ValueKinds.None => null,
        ValueKinds.Integer => ColumnType.Int64,
        ValueKinds.Decimal or (ValueKinds.Decimal | ValueKinds.Integer) => ColumnType.Decimal,
        ValueKinds.Boolean => ColumnType.Boolean,
        ValueKinds.Date => ColumnType.Date,
        ValueKinds.DateTime or (ValueKinds.DateTime | ValueKinds.Date) => ColumnType.DateTime,
        _ => ColumnType.String,
    };
}

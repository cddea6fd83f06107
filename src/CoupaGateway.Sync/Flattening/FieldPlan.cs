namespace CoupaGateway.Sync.Flattening;

/// <summary>Where the value of one field of an object goes to: into columns, into an object's fields, into nested tables, or several of these.</summary>
internal sealed class FieldPlan(int index)
{
    /// <summary>Names the field within its plan, from 0.</summary>
    public int Index { get; } = index;

    public List<ColumnTarget> Columns { get; } = [];

    /// <summary>Whether one of the columns was observed: then its values are watched for a type that it does not fit.</summary>
    public bool IsObserved { get; set; }

    public ObjectPlan? Object { get; set; }

    public List<TablePlan> Tables { get; } = [];
}

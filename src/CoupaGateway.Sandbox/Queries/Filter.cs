using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Records;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Queries;

/// <summary>One condition of a query: a path of fields, an operator and its typed operands.</summary>
internal sealed record Filter(IReadOnlyList<ApiField> Path, string? CustomField, FilterOperator Operator, IReadOnlyList<Scalar> Operands)
{
    /// <summary>The root field that the condition is about, when it is not about a related object.</summary>
    public string? RootField => Path.Count == 1 && CustomField is null ? Path[0].Name : null;

    /// <summary>Whether a record satisfies the condition; of several values one is enough. Nothing compares with null.</summary>
    public bool Matches(IRecord record)
    {
        var values = record.Values(Path, CustomField);
        if (Operator == FilterOperator.Blank)
            return !values.Any(v => v.HasValue && v.Text != "") == (Operands[0].Number == 1);
        foreach (var value in values)
        {
            if (value.HasValue && Matches(value))
                return true;
        }

        return false;
    }

    private bool Matches(in Scalar value)
    {
        switch (Operator)
        {
            case FilterOperator.In: return IsAmong(value);
            case FilterOperator.Not_in: return !IsAmong(value);
            case FilterOperator.Contains: return value.Text?.Contains(Operands[0].Text!, StringComparison.OrdinalIgnoreCase) == true;
            case FilterOperator.Starts_with: return value.Text?.StartsWith(Operands[0].Text!, StringComparison.OrdinalIgnoreCase) == true;
            case FilterOperator.Ends_with: return value.Text?.EndsWith(Operands[0].Text!, StringComparison.OrdinalIgnoreCase) == true;
        }

        var order = Scalar.Compare(value, Operands[0]);
        return Operator switch
        {
            FilterOperator.Gt => order > 0,
            FilterOperator.Lt => order < 0,
            FilterOperator.Gt_or_eq => order >= 0,
            FilterOperator.Lt_or_eq => order <= 0,
            FilterOperator.Not_eq => order != 0,
            _ => order == 0,
        };
    }

    private bool IsAmong(in Scalar value)
    {
        foreach (var operand in Operands)
        {
            if (Scalar.Compare(value, operand) == 0)
                return true;
        }

        return false;
    }
}

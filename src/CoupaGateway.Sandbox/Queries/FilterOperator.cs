namespace CoupaGateway.Sandbox.Queries;

/// <summary>The documented filter operators, named as in the query string.</summary>
internal enum FilterOperator
{
    Eq,
    Gt,
    Lt,
    Gt_or_eq,
    Lt_or_eq,
    Not_eq,
    In,
    Not_in,
    Contains,
    Starts_with,
    Ends_with,
    Blank,
}

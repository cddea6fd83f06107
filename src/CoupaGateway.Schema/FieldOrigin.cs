namespace CoupaGateway.Schema;

/// <summary>The field of a record class that a column's values come from, wherever the object that has it is nested or referred to.</summary>
/// <param name="Class">Name of the class, as the catalogue spells it: <c>UserSimple</c>.</param>
/// <param name="Field">JSON key of the field in that class: <c>employee-number</c>.</param>
public sealed record FieldOrigin(string Class, string Field);

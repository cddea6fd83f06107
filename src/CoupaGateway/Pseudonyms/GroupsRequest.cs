namespace CoupaGateway.Pseudonyms;

/// <summary>Asks how small the groups are that rows fall into by quasi-identifiers: columns that together may point to one person.</summary>
/// <param name="Table">Name of the table, as <c>users</c>.</param>
/// <param name="Columns">1 to 20 of its columns, as <c>department_name</c> and <c>default_locale</c>.</param>
/// <param name="K">A group with fewer rows is too small: 2 to 1,000. The default is 5.</param>
internal sealed record GroupsRequest(string Table, string[] Columns, int K = 5);

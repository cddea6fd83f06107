using CoupaGateway.Schema;

namespace CoupaGateway.OData.Anonymity;

/// <summary>Tells how small the groups are that rows fall into by some of their columns: who is alone in his group can be found again, pseudonyms or not.</summary>
public interface IGroupSizes
{
    /// <summary>Groups the rows of a table by columns, null being a value like others, and tells the sizes of the groups, never their values.</summary>
    /// <param name="columns">Names of columns of <paramref name="table"/>.</param>
    /// <param name="k">A group with fewer rows is too small.</param>
    /// <exception cref="GroupSizesException">The table is not loaded, or reading it takes too much.</exception>
    ValueTask<GroupSizes> MeasureAsync(string connection, TableSchema table, IReadOnlyList<string> columns, int k, CancellationToken cancellationToken);
}

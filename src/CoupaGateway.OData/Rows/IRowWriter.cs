namespace CoupaGateway.OData.Rows;

/// <summary>Writes one row after the other of a result as JSON objects.</summary>
internal interface IRowWriter
{
    /// <summary>Says that the vectors may have moved to another chunk.</summary>
    /// <param name="rows">Rows of the chunk, at least one.</param>
    void Bind(int rows);

    /// <summary>Writes one row of the chunk that the writer is bound to.</summary>
    /// <param name="number">Number of the row in the result, from 1.</param>
    void WriteRow(ref JsonOutput output, int row, long number);
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

[assembly: DisableRuntimeMarshalling]

namespace CoupaGateway.OData.Rows;

/// <summary>
/// The functions of DuckDB's C API that DuckDB.NET does not offer, or offers with an object per call (the fetch loop).
/// Signatures as in <c>duckdb.h</c> 1.5.
/// </summary>
internal static unsafe partial class DuckDbNative
{
    private const string Library = "duckdb";

    /// <summary>Unlike <c>duckdb_bind_varchar</c> it takes text with NUL characters.</summary>
    [LibraryImport(Library, EntryPoint = "duckdb_bind_varchar_length")]
    public static partial DuckDBState BindVarchar(nint statement, ulong index, byte* text, ulong length);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_interval")]
    public static partial DuckDBState BindInterval(nint statement, ulong index, IntervalValue interval);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_decimal")]
    public static partial DuckDBState BindDecimal(nint statement, ulong index, UnscaledDecimal value);

    [LibraryImport(Library, EntryPoint = "duckdb_prepared_statement_type")]
    public static partial DuckDBStatementType StatementType(nint statement);

    [LibraryImport(Library, EntryPoint = "duckdb_fetch_chunk")]
    public static partial nint FetchChunk(DuckDBResult result);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_data_chunk")]
    public static partial void DestroyChunk(ref nint chunk);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_size")]
    public static partial ulong ChunkSize(nint chunk);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_vector")]
    public static partial nint ChunkVector(nint chunk, ulong column);

    [LibraryImport(Library, EntryPoint = "duckdb_vector_get_data")]
    public static partial byte* VectorData(nint vector);

    [LibraryImport(Library, EntryPoint = "duckdb_vector_get_validity")]
    public static partial ulong* VectorValidity(nint vector);

    /// <summary>Binds each column of a chunk to its vector.</summary>
    public static void Bind(nint chunk, ImmutableArray<ColumnVector> vectors)
    {
        for (var column = 0; column < vectors.Length; column++)
        {
            var vector = ChunkVector(chunk, (ulong)column);
            vectors[column].Bind(VectorData(vector), VectorValidity(vector));
        }
    }

    /// <summary><c>duckdb_decimal</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct UnscaledDecimal
    {
        public byte Width;
        public byte Scale;
        public ulong Lower;
        public long Upper;
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CoupaGateway.Schema;
using DuckDB.NET.Native;

namespace CoupaGateway.Snapshots.Chunks.Writing;

/// <summary>
/// An in-memory DuckDB with one thread and one table function, <c>staged_rows()</c>, that reads the buffer at hand: COPY then writes Parquet
/// straight from our columns, without a table in between.
/// </summary>
internal sealed unsafe class ParquetEngine : IDisposable
{
    private const string Function = "staged_rows";
    private const int VectorSize = 2_048;

    private readonly ChunkWritingOptions _options;
    private readonly DuckDBDatabase _database;
    private readonly DuckDBNativeConnection _connection;
    private readonly GCHandle _self;

    private RowSlice? _slice;
    private int _done;
    private Exception? _failure;

    public ParquetEngine(ChunkWritingOptions options)
    {
        _options = options;
        if (NativeMethods.Startup.DuckDBOpen(":memory:", out _database) != DuckDBState.Success
            || NativeMethods.Startup.DuckDBConnect(_database, out _connection) != DuckDBState.Success)
            throw new InvalidOperationException("DuckDB did not start.");

        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        Execute("SET threads = 1");
        Execute(string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{options.MemoryMegabytes}MB'"));
        Execute($"SET temp_directory = {ParquetSql.Literal(Path.GetFullPath(options.Folder))}");
        Register();
    }

    public void Write(RowSlice slice, string path)
    {
        _slice = slice;
        _done = 0;
        _failure = null;
        try
        {
            Execute(ParquetSql.CopyTo($"SELECT * FROM {Function}()", path, _options));
        }
        catch (InvalidOperationException) when (_failure is not null)
        {
            throw new InvalidOperationException($"The rows of {slice.Rows.Table.Name} could not be written.", _failure);
        }
        finally
        {
            _slice = null;
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        if (_self.IsAllocated)
            _self.Free();
    }

    private void Register()
    {
        var function = NativeMethods.TableFunction.DuckDBCreateTableFunction();
        try
        {
            NativeMethods.TableFunction.DuckDBTableFunctionSetName(function, Function);
            NativeMethods.TableFunction.DuckDBTableFunctionSetExtraInfo(function, GCHandle.ToIntPtr(_self), &Ignore);
            NativeMethods.TableFunction.DuckDBTableFunctionSetBind(function, &Bind);
            NativeMethods.TableFunction.DuckDBTableFunctionSetInit(function, &Ignore);
            NativeMethods.TableFunction.DuckDBTableFunctionSetFunction(function, &Produce);
            if (NativeMethods.TableFunction.DuckDBRegisterTableFunction(_connection, function) != DuckDBState.Success)
                throw new InvalidOperationException("DuckDB refused the table function.");
        }
        finally
        {
            NativeMethods.TableFunction.DuckDBDestroyTableFunction(ref function);
        }
    }

    private void Execute(string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(_connection, sql, out var result);
        try
        {
            if (state == DuckDBState.Success)
                return;

            var error = NativeMethods.Query.DuckDBResultError(ref result);
            throw StagingFullException.IsCause(error) ? new StagingFullException(_options.Folder) : new InvalidOperationException($"DuckDB could not write a chunk: {error}");
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint data)
    {
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        var engine = Engine(NativeMethods.TableFunction.DuckDBBindGetExtraInfo(info));
        try
        {
            var slice = engine._slice!;
            foreach (var column in slice.Rows.Table.Columns)
            {
                using var type = LogicalType(column.Type);
                NativeMethods.TableFunction.DuckDBBindAddResultColumn(info, column.Name, type);
            }

            NativeMethods.TableFunction.DuckDBBindSetCardinality(info, (ulong)slice.Length, true);
        }
        catch (Exception failure)
        {
            engine._failure = failure;
            NativeMethods.TableFunction.DuckDBBindSetError(info, failure.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Produce(nint info, nint output)
    {
        var engine = Engine(NativeMethods.TableFunction.DuckDBFunctionGetExtraInfo(info));
        try
        {
            engine.Fill(output);
        }
        catch (Exception failure)
        {
            engine._failure = failure;
            NativeMethods.TableFunction.DuckDBFunctionSetError(info, failure.Message);
        }
    }

    private void Fill(nint output)
    {
        var slice = _slice!;
        var rows = Math.Min(VectorSize, slice.Length - _done);
        using var chunk = new BorrowedChunk(output);
        var columns = slice.Rows.Columns;
        for (var i = 0; i < columns.Length && rows > 0; i++)
        {
            var vector = new VectorTarget(chunk.Vector(i));
            if (slice.Permutation is null)
                vector.Copy(in columns[i], slice.Start + _done, rows);
            else
                vector.Gather(in columns[i], slice.Permutation.AsSpan(slice.Start + _done, rows));
        }

        chunk.SetSize(rows);
        _done += rows;
    }

    private static ParquetEngine Engine(nint handle) => (ParquetEngine)GCHandle.FromIntPtr(handle).Target!;

    private static DuckDBLogicalType LogicalType(ColumnType type) => type switch
    {
        ColumnType.String => NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar),
        ColumnType.Int64 => NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.BigInt),
        ColumnType.Decimal => NativeMethods.LogicalType.DuckDBCreateDecimalType(SchemaLimits.DecimalPrecision, SchemaLimits.DecimalScale),
        ColumnType.Boolean => NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.Boolean),
        ColumnType.DateTime => NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.Timestamp),
        ColumnType.Date => NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.Date),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown column type."),
    };
}

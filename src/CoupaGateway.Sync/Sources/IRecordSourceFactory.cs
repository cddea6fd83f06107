using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;

namespace CoupaGateway.Sync.Sources;

/// <summary>Finds where the records of an API table come from.</summary>
internal interface IRecordSourceFactory
{
    IRecordSource Create(ConnectionConfig connection, TableSchema apiTable, RecordQuery query);
}

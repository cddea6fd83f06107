using CoupaGateway.Coupa;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;

namespace CoupaGateway.Sync.Sources;

/// <summary>Reads records from the connection's tenant.</summary>
internal sealed class CoupaRecordSourceFactory(ICoupaClientFactory clients) : IRecordSourceFactory
{
    public IRecordSource Create(ConnectionConfig connection, TableSchema apiTable, RecordQuery query) =>
        new CoupaRecordSource(clients.Create(connection.Tenant), apiTable, query, connection.Schedule.PriorityOf(apiTable.Name));
}

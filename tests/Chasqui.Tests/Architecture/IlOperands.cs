using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Chasqui.Tests.Architecture;

/// <summary>The metadata tokens in a method's instructions. Source: ECMA-335, partition III.</summary>
internal static class IlOperands
{
    private const byte TwoByteInstruction = 0xfe;
    private static readonly Dictionary<ushort, OperandType> OperandTypes = ReadOperandTypes();

    /// <summary>The types, methods and fields that the instructions name, in their order.</summary>
    public static List<EntityHandle> Read(BlobReader instructions)
    {
        var handles = new List<EntityHandle>();
        while (instructions.RemainingBytes > 0)
        {
            ushort code = instructions.ReadByte();
            if (code == TwoByteInstruction)
            {
                code = (ushort)((code << 8) | instructions.ReadByte());
            }

            var operand = OperandTypes[code];
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                handles.Add(MetadataTokens.EntityHandle(instructions.ReadInt32()));
            }
            else
            {
                Skip(ref instructions, operand);
            }
        }

        return handles;
    }

    private static void Skip(ref BlobReader instructions, OperandType operand)
    {
        var bytes = operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => instructions.ReadInt32() * 4,
            _ => 4,
        };
        instructions.Offset += bytes;
    }

    private static Dictionary<ushort, OperandType> ReadOperandTypes() =>
        typeof(OpCodes).GetFields()
            .Select(field => field.GetValue(null))
            .OfType<OpCode>()
            .ToDictionary(code => (ushort)code.Value, code => code.OperandType);
}

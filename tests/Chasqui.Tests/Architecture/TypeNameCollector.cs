using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Chasqui.Tests.Architecture;

/// <summary>Walks signatures and keeps the name of every type in them.</summary>
internal sealed class TypeNameCollector : ISignatureTypeProvider<string, object?>
{
    private readonly HashSet<string> _names = [];

    /// <summary>Full name of a type that the assembly defines.</summary>
    public static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        var outer = type.GetDeclaringType();
        return outer.IsNil ? Join(reader.GetString(type.Namespace), name) : $"{NameOf(reader, outer)}+{name}";
    }

    /// <summary>Full name of a type that the assembly refers to.</summary>
    public static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf(reader, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : Join(reader.GetString(type.Namespace), name);
    }

    /// <summary>Gives the names met since the last call, and forgets them.</summary>
    public string[] Take()
    {
        string[] names = [.. _names];
        _names.Clear();
        return names;
    }

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Keep(NameOf(reader, handle));

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Keep(NameOf(reader, handle));

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    // The parts of a compound type are decoded, and kept, before it; the name that is passed on is that of its outermost definition.
    public string GetArrayType(string elementType, ArrayShape shape) => elementType;

    public string GetByReferenceType(string elementType) => elementType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => signature.ReturnType;

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

    public string GetGenericMethodParameter(object? genericContext, int index) => "";

    public string GetGenericTypeParameter(object? genericContext, int index) => "";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetPinnedType(string elementType) => elementType;

    public string GetPointerType(string elementType) => elementType;

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => Join("System", typeCode.ToString());

    public string GetSZArrayType(string elementType) => elementType;

    private static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";

    private string Keep(string name)
    {
        _names.Add(name);
        return name;
    }
}
